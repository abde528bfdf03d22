package dev.monarch.supervisor;

import java.util.Optional;

/**
 * A Supervisor cannot start. The message is one line: what was expected, what was found, what to
 * do.
 */
public final class StartException extends Exception {
  public StartException(String message) {
    super(message);
  }

  /** For a failure whose own message is such a line. */
  static StartException because(Exception failure) {
    return new StartException(
        Optional.ofNullable(failure.getMessage()).orElseGet(failure::toString), failure);
  }

  public StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
