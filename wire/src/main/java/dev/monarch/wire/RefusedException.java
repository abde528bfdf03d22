package dev.monarch.wire;

/**
 * Carries a rejection out of the depths of a decoder to its entrance, where it becomes a {@link
 * Decoded.Rejected}. It never leaves this room, and has no stack trace: hostile bytes must not cost
 * more than friendly ones.
 */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Foreign text is shown up to here, so that a log line stays a line. */
  private static final int SHOWN_CHARS_MAX = 60;

  private final Rejection reason;

  public RefusedException(Rejection reason, String detail) {
    super(detail, null, false, false);
    this.reason = reason;
  }

  Rejection reason() {
    return reason;
  }

  public <T> Decoded<T> rejected() {
    return rejected(reason);
  }

  /** The rejection for another reason, where the place tells more than the fault. */
  <T> Decoded<T> rejected(Rejection broader) {
    return new Decoded.Rejected<>(broader, String.valueOf(getMessage()));
  }

  /** Foreign text made safe for a log: cut, quoted, without control characters. */
  public static String quote(String text) {
    StringBuilder shown = new StringBuilder("\"");
    text.codePoints()
        .limit(SHOWN_CHARS_MAX)
        .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '\uFFFD' : c));
    return shown.append(text.length() > SHOWN_CHARS_MAX ? "…\"" : "\"").toString();
  }
}
