package dev.monarch.wire.control;

/** Whether a service's process runs. */
public enum ProcessState {
  DOWN(0),
  UP(1);

  private final int number;

  ProcessState(int number) {
    this.number = number;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }
}
