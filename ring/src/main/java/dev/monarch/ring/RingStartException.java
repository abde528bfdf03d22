package dev.monarch.ring;

/** A ring member could not start. The message is one line that names the cause and the remedy. */
public final class RingStartException extends Exception {
  public RingStartException(String message) {
    super(message);
  }

  public RingStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
