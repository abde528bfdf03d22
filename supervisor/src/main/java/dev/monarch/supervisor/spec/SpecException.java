package dev.monarch.supervisor.spec;

/** A spec that cannot be used. The message is one line that names the file and what is wrong. */
public final class SpecException extends Exception {
  public SpecException(String message) {
    super(message);
  }
}
