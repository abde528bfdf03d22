package dev.monarch.packages;

/** A text that should name a package and does not; the message is one line for whoever typed it. */
public final class MalformedIdentException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedIdentException(String message) {
    super(message);
  }
}
