package dev.monarch.launcher;

/** A Launcher did not do what it was asked to; one line: what was expected, found, what to do. */
public final class LauncherException extends Exception {
  public LauncherException(String message) {
    super(message);
  }

  public LauncherException(String message, Throwable cause) {
    super(message, cause);
  }
}
