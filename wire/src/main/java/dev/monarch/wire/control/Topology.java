package dev.monarch.wire.control;

/** How the members of a service group stand to each other. */
public enum Topology {
  STANDALONE(0),
  LEADER(1);

  private final int number;

  Topology(int number) {
    this.number = number;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }
}
