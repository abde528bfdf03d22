package dev.monarch.cli.svc;

/** There is no Supervisor at the address. The message is one line with what to do. */
final class SupervisorUnreachable extends Exception {
  private static final long serialVersionUID = 1L;

  private final String text;

  SupervisorUnreachable(String text) {
    super(text);
    this.text = text;
  }

  String text() {
    return text;
  }
}
