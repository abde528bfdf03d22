package dev.monarch.wire;

/** Placeholder signatures. */
public final class SwimCodec {
  private SwimCodec() {}

  public static byte[] encode(Swim message) {
    throw new IllegalStateException();
  }

  public static Decoded<Swim> decode(byte[] payload) {
    throw new IllegalStateException();
  }

  /** Bytes that {@link #encode} will give. */
  public static int sizeBytes(Swim message) {
    throw new IllegalStateException();
  }

  /** Bytes that one more membership record adds to a message, its tag and length included. */
  public static int sizeBytes(Membership membership) {
    throw new IllegalStateException();
  }
}
