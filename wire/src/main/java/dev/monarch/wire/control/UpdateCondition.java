package dev.monarch.wire.control;

/** Which release is the one to be in use. */
public enum UpdateCondition {
  LATEST(0),
  TRACK_CHANNEL(1);

  private final int number;

  UpdateCondition(int number) {
    this.number = number;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }
}
