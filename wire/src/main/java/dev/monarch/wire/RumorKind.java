package dev.monarch.wire;

/**
 * The kinds of rumor, with their numbers on the wire and the original's names (butterfly.md 2.4,
 * 12). Numbers 6 and 7 are the original's test kinds and are never sent (rule S3).
 */
public enum RumorKind {
  MEMBER(1, "member"),
  SERVICE(2, "service"),
  ELECTION(3, "election"),
  SERVICE_CONFIG(4, "service-config"),
  SERVICE_FILE(5, "service-file"),
  ELECTION_UPDATE(8, "election-update"),
  DEPARTURE(9, "departure");

  private final int number;
  private final String text;

  RumorKind(int number, String text) {
    this.number = number;
    this.text = text;
  }

  public int number() {
    return number;
  }

  /** The name in metrics, such as {@code service-config}. */
  public String text() {
    return text;
  }
}
