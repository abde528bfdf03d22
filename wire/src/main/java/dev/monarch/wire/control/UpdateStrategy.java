package dev.monarch.wire.control;

/** How a new release of a service's package gets into use. */
public enum UpdateStrategy {
  NONE(0),
  AT_ONCE(1),
  ROLLING(2);

  private final int number;

  UpdateStrategy(int number) {
    this.number = number;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }
}
