package dev.monarch.wire;

import dev.monarch.crypto.RingKey;
import java.util.Optional;

/** The outermost message of both planes (butterfly.md 2.2). Placeholder signatures. */
public final class Envelope {
  /** The original reads datagrams into a buffer of this size and drops what was cut off (1.2). */
  public static final int DATAGRAM_BYTES_MAX = 1024;

  private Envelope() {}

  /** Bytes of a whole envelope around a payload of this many bytes. */
  public static int sizeBytes(int payloadBytes, boolean sealed) {
    throw new IllegalStateException();
  }

  /** The payload in clear, or sealed with the key and a fresh nonce. */
  public static byte[] wrap(byte[] payload, Optional<RingKey> key) {
    throw new IllegalStateException();
  }

  /** The payload, opened with the key if there is one. */
  public static Decoded<byte[]> unwrap(byte[] wire, Optional<RingKey> key) {
    throw new IllegalStateException();
  }
}
