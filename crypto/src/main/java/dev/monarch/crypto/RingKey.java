package dev.monarch.crypto;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;

/** The key all members of a ring share, which seals everything they say to each other. */
public final class RingKey extends Key {
  /** A nonce goes in clear beside what was sealed with it. */
  public static final int NONCE_BYTES = SecretBox.NONCE_BYTES;

  /** By how much a box is longer than its message: the tag that authenticates it. */
  public static final int TAG_BYTES = SecretBox.TAG_BYTES;

  RingKey(NamedRevision name, byte[] bytes) {
    super(KeyKind.RING, name, bytes);
  }

  /**
   * A new key for the ring.
   *
   * @throws IllegalArgumentException if the ring's name is empty or not a single line
   */
  public static RingKey generate(String ring, Instant now, SecureRandom random) {
    byte[] key = new byte[SecretBox.KEY_BYTES];
    random.nextBytes(key);
    return new RingKey(NamedRevision.at(ring, now), key);
  }

  /** Reads a key's text. */
  public static RingKey parse(String text) throws KeyException {
    return KeyKind.RING.parse(text);
  }

  /** A nonce that was never used before and never will be: random, and long enough for that. */
  public static byte[] freshNonce() {
    return SecretBox.freshNonce();
  }

  /**
   * Seals a message.
   *
   * @param nonce 24 bytes, never used with this key before
   * @return the tag and the encrypted message
   */
  public byte[] seal(byte[] nonce, byte[] message) {
    return SecretBox.seal(bytes(), nonce, message);
  }

  /**
   * Opens what was sealed.
   *
   * @param nonce the 24 bytes it was sealed with
   * @return the message, or nothing if it was sealed with another key or changed since
   */
  public Optional<byte[]> open(byte[] nonce, byte[] box) {
    return SecretBox.open(bytes(), nonce, box);
  }
}
