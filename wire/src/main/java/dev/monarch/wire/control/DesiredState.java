package dev.monarch.wire.control;

/** Whether a service is meant to run. */
public enum DesiredState {
  DOWN(0),
  UP(1);

  private final int number;

  DesiredState(int number) {
    this.number = number;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }
}
