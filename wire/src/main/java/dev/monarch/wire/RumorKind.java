package dev.monarch.wire;

/**
 * The kinds of rumor, with their numbers on the wire and the original's names (butterfly.md 2.4,
 * 12). Numbers 6 and 7 are the original's test kinds and are never sent (rule S3).
 */
public enum RumorKind {
  MEMBER(1, 4, "member"),
  SERVICE(2, 5, "service"),
  ELECTION(3, 8, "election"),
  SERVICE_CONFIG(4, 6, "service-config"),
  SERVICE_FILE(5, 7, "service-file"),
  ELECTION_UPDATE(8, 8, "election-update"),
  DEPARTURE(9, 9, "departure");

  private final int number;
  private final int payloadField;
  private final String text;

  RumorKind(int number, int payloadField, String text) {
    this.number = number;
    this.payloadField = payloadField;
    this.text = text;
  }

  public int number() {
    return number;
  }

  /** The number of the field that holds what the rumor says; both elections share one. */
  int payloadField() {
    return payloadField;
  }

  /** The name in metrics, such as {@code service-config}. */
  public String text() {
    return text;
  }
}
