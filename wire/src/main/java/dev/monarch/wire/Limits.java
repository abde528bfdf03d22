package dev.monarch.wire;

/** What may arrive at most. A real node's messages are far below all of these. */
final class Limits {
  /**
   * The greatest payload of a UDP datagram. Originals send 1,024 bytes at most (S7); more is heard
   * gladly (W5).
   */
  static final int SWIM_BYTES_MAX = 65_507;

  /**
   * A rumor. The greatest that an original's commands let in are a configuration or a file of
   * 65,536 bytes; the exported configuration of a service has no limit there but comes from one
   * file.
   */
  static final int RUMOR_BYTES_MAX = 1 << 20;

  /**
   * An id, group, package identifier, host or file name, in UTF-16 units: names of files and hosts
   * end at 255, paths at 4,096, so a longer name is none.
   */
  static final int NAME_CHARS_MAX = 4096;

  /** Votes of one election: more members of one group with ids of 32 digits do not fit a rumor. */
  static final int VOTES_MAX = RUMOR_BYTES_MAX / 34;

  private Limits() {}

  static void checkSize(byte[] message, int max) throws RefusedException {
    if (message.length > max) {
      throw new RefusedException(
          Rejection.OVERSIZED,
          "expected a message of at most " + max + " bytes, found " + message.length);
    }
  }

  static String checkName(String what, String text) throws RefusedException {
    if (text.length() > NAME_CHARS_MAX) {
      throw new RefusedException(
          Rejection.OVERSIZED,
          "expected "
              + what
              + " of at most "
              + NAME_CHARS_MAX
              + " characters, found "
              + text.length());
    }
    return text;
  }
}
