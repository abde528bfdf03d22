package dev.monarch.wire;

/**
 * What a member believes about another one; each is worse than the one before (butterfly.md 2.3).
 */
public enum Health {
  ALIVE(1),
  SUSPECT(2),
  CONFIRMED(3),
  DEPARTED(4);

  private final int number;

  Health(int number) {
    this.number = number;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }

  public boolean isWorseThan(Health other) {
    return compareTo(other) > 0;
  }

  /** The text the original uses in its HTTP documents, such as {@code Alive}. */
  public String text() {
    return name().charAt(0) + name().substring(1).toLowerCase(java.util.Locale.ROOT);
  }
}
