package dev.monarch.supervisor.manager;

/** A service cannot be started now; the message is the whole line for the operator. */
final class PreparationException extends Exception {
  PreparationException(String message) {
    super(message);
  }

  PreparationException(String message, Throwable cause) {
    super(message, cause);
  }
}
