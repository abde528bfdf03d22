package dev.monarch.wire;

/**
 * What a member made of the configuration an operator gave its service group. Ours alone: it
 * travels in a field of the service rumor that an original skips and does not pass on (butterfly.md
 * 2.5), so a member without one may be an original, or be heard through one.
 *
 * @param version the operator's, unsigned; 0 before there is any
 * @param outcome what became of it
 * @param reason why it was rejected, one line; empty otherwise
 */
public record AppliedConfiguration(long version, Outcome outcome, String reason) {
  /** A reason is a line; a longer one is cut short. */
  public static final int REASON_CHARS_MAX = 256;

  /** A member that has heard of no configuration yet, and would tell of it. */
  public static final AppliedConfiguration NONE = new AppliedConfiguration(0, Outcome.NONE, "");

  /** What became of a version. */
  public enum Outcome {
    NONE(0, "none"),
    APPLIED(1, "applied"),
    REJECTED(2, "rejected"),
    /** The service is down there and applies the newest when it starts again. */
    DOWN(3, "down");

    private final int number;
    private final String text;

    Outcome(int number, String text) {
      this.number = number;
      this.text = text;
    }

    /** The number on the wire. */
    public int number() {
      return number;
    }

    /** The word for people and documents. */
    public String text() {
      return text;
    }
  }

  public AppliedConfiguration {
    reason = line(reason);
  }

  /** It is shown on terminals, whoever said it. */
  private static String line(String text) {
    var line = new StringBuilder();
    for (int at = 0; at < text.length(); ) {
      int character = text.codePointAt(at);
      at += Character.charCount(character);
      if (line.length() + Character.charCount(character) > REASON_CHARS_MAX) {
        break;
      }
      line.appendCodePoint(Character.isISOControl(character) ? ' ' : character);
    }
    return line.toString();
  }

  /** This version is in use. */
  public static AppliedConfiguration applied(long version) {
    return new AppliedConfiguration(version, Outcome.APPLIED, "");
  }

  /** The service went down when this was the last version it was through with. */
  public static AppliedConfiguration down(long version) {
    return new AppliedConfiguration(version, Outcome.DOWN, "");
  }

  /** This version cannot be used, and what was in use before goes on. */
  public static AppliedConfiguration rejected(long version, String reason) {
    return new AppliedConfiguration(version, Outcome.REJECTED, reason);
  }
}
