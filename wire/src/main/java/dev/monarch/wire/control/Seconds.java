package dev.monarch.wire.control;

/** Times in whole seconds as the messages carry them. */
final class Seconds {
  private static final long MAX_32 = 0xFFFF_FFFFL;

  private Seconds() {}

  static void check32(long seconds) {
    if (seconds < 0 || seconds > MAX_32) {
      throw new IllegalArgumentException(
          "expected 0 to " + MAX_32 + " seconds, found " + Long.toUnsignedString(seconds));
    }
  }
}
