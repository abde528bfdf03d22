package dev.monarch.crypto;

/**
 * A key that cannot be read, found or stored, or a box that it does not open. The message is a
 * single line that can be shown to the operator as it is: it begins as the original's does, and
 * goes on with what to do.
 */
public final class KeyException extends Exception {
  private static final String PREFIX = "Crypto error: ";

  /** Longer pieces of a damaged file help nobody. */
  private static final int QUOTE_CHARACTERS_MAX = 120;

  /**
   * A 32-byte key in base64 is a run of 43 letters and a pad. A misplaced line may well be the key,
   * and messages end in logs.
   */
  private static final String KEY_MATERIAL = "[A-Za-z0-9+/]{40,}=*";

  private final String problem;

  /**
   * @param problem what is wrong, in the original's words where it has any
   * @param remedy what was expected and what to do
   */
  KeyException(String problem, String remedy) {
    super(PREFIX + problem + "; " + remedy);
    this.problem = problem;
  }

  KeyException(String problem, String remedy, Exception cause) {
    this(problem, remedy);
    initCause(cause);
  }

  /** The same problem, now that it is known where the text came from and how to repair it. */
  KeyException withRemedy(String betterRemedy) {
    return new KeyException(problem, betterRemedy, this);
  }

  /** A piece of a file as it may appear in a message: one line, bounded, without key material. */
  static String quote(String piece) {
    String safe = piece.replaceAll(KEY_MATERIAL, "…").replaceAll("\\p{Cntrl}", "?");
    return safe.length() <= QUOTE_CHARACTERS_MAX
        ? safe
        : safe.substring(0, QUOTE_CHARACTERS_MAX) + "…";
  }
}
