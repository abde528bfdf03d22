package dev.monarch.cli;

/** A command cannot do what it was asked; the message is one line for the operator. */
public final class CommandFailed extends RuntimeException {
  private final String text;

  public CommandFailed(String message) {
    super(message, null, false, false);
    this.text = message;
  }

  public String text() {
    return text;
  }
}
