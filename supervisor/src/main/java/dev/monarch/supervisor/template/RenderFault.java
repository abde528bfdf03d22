package dev.monarch.supervisor.template;

/** Why an element cannot be rendered. Where it is, knows who renders the element. */
final class RenderFault extends Exception {
  private static final long serialVersionUID = 1;

  private final String reason;

  RenderFault(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
