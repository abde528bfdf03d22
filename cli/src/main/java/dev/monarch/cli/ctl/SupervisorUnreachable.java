package dev.monarch.cli.ctl;

/** There is no Supervisor at the address. The message is one line with what to do. */
public final class SupervisorUnreachable extends Exception {
  private static final long serialVersionUID = 1L;

  private final String text;

  SupervisorUnreachable(String text) {
    super(text);
    this.text = text;
  }

  public String text() {
    return text;
  }
}
