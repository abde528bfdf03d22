package dev.monarch.launcher;

import java.util.Arrays;
import java.util.function.BiConsumer;

/**
 * Cuts what a service writes into lines. A line without end is cut into pieces, so that a service
 * that never ends one costs no more memory than one that does; no byte is lost.
 */
final class ServiceLines {
  /** Longer than any log line a person reads; what the kernel's pipe holds at once. */
  static final int PIECE_BYTES_MAX = 64 * 1024;

  private static final int FIRST_BYTES = 512;

  private final BiConsumer<byte[], Integer> lines;
  private byte[] rest = new byte[0];
  private int restBytes;

  /**
   * @param lines takes a line without its end, and its length; the array is only lent
   */
  ServiceLines(BiConsumer<byte[], Integer> lines) {
    this.lines = lines;
  }

  void take(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        flush();
      } else {
        if (restBytes == PIECE_BYTES_MAX) {
          flush();
        }
        keep(bytes[i]);
      }
    }
    if (restBytes == 0) {
      rest = new byte[0];
    }
  }

  private void keep(byte one) {
    if (restBytes == rest.length) {
      rest = Arrays.copyOf(rest, Math.clamp(rest.length * 2L, FIRST_BYTES, PIECE_BYTES_MAX));
    }
    rest[restBytes++] = one;
  }

  private void flush() {
    lines.accept(rest, restBytes);
    restBytes = 0;
  }

  /** A last line that was not ended is a line too. */
  void end() {
    if (restBytes > 0) {
      flush();
    }
  }
}
