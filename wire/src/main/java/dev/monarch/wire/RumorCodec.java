package dev.monarch.wire;

/** Placeholder signatures. */
public final class RumorCodec {
  private RumorCodec() {}

  public static byte[] encode(Rumor rumor) {
    throw new IllegalStateException();
  }

  public static Decoded<Rumor> decode(byte[] payload) {
    throw new IllegalStateException();
  }

  /** A bare membership record, as the rumor file holds it (butterfly.md 10.2). */
  public static byte[] encode(Membership membership) {
    throw new IllegalStateException();
  }

  public static Decoded<Membership> decodeMembership(byte[] bytes) {
    throw new IllegalStateException();
  }
}
