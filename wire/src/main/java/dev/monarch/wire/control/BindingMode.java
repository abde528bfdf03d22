package dev.monarch.wire.control;

/** Whether a service waits for its binds. On the wire zero is not the usual one. */
public enum BindingMode {
  RELAXED(0),
  STRICT(1);

  private final int number;

  BindingMode(int number) {
    this.number = number;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }
}
