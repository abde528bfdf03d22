package dev.monarch.supervisor;

/**
 * A Supervisor cannot start. The message is one line: what was expected, what was found, what to
 * do.
 */
public final class StartException extends Exception {
  public StartException(String message) {
    super(message);
  }

  public StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
