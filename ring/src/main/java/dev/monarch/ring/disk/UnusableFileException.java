package dev.monarch.ring.disk;

/** A file cannot be used. The message is one line that names it, the cause and the remedy. */
public final class UnusableFileException extends Exception {
  public UnusableFileException(String message) {
    super(message);
  }

  public UnusableFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
