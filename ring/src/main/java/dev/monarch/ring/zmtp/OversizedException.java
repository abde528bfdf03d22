package dev.monarch.ring.zmtp;

import java.io.IOException;

/** The other end announces a frame longer than what is accepted. */
final class OversizedException extends IOException {
  private final long bytes;

  OversizedException(long bytes, int max) {
    super("expected a frame of at most " + max + " bytes, found " + Long.toUnsignedString(bytes));
    this.bytes = bytes;
  }

  /** What was announced, unsigned. */
  long bytes() {
    return bytes;
  }
}
