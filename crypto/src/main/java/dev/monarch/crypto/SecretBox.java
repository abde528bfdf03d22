package dev.monarch.crypto;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * NaCl's secretbox: XSalsa20 for secrecy, Poly1305 for authenticity, the tag in front.
 *
 * <p>The first 32 bytes of the keystream are the key of the authenticator, the message is encrypted
 * with what follows (crypto-and-packages.md 1). Engines are made anew for each box, so that any
 * number of threads may seal and open at once.
 */
final class SecretBox {
  static final int KEY_BYTES = 32;
  static final int NONCE_BYTES = 24;
  static final int TAG_BYTES = 16;

  private static final int AUTHENTICATOR_KEY_BYTES = 32;

  private static final SecureRandom NONCES = new SecureRandom();

  private SecretBox() {}

  /** A nonce that was never used before and never will be: random, and long enough for that. */
  static byte[] freshNonce() {
    byte[] nonce = new byte[NONCE_BYTES];
    NONCES.nextBytes(nonce);
    return nonce;
  }

  /** The tag, then as many bytes as the message has. */
  static byte[] seal(byte[] key, byte[] nonce, byte[] message) {
    XSalsa20Engine cipher = cipher(key, nonce);
    byte[] authenticatorKey = authenticatorKey(cipher);
    byte[] box = new byte[TAG_BYTES + message.length];
    cipher.processBytes(message, 0, message.length, box, TAG_BYTES);
    byte[] tag = tag(authenticatorKey, box);
    System.arraycopy(tag, 0, box, 0, TAG_BYTES);
    return box;
  }

  /** The message, or nothing if the box was not sealed with this key and nonce. */
  static Optional<byte[]> open(byte[] key, byte[] nonce, byte[] box) {
    XSalsa20Engine cipher = cipher(key, nonce);
    if (box.length < TAG_BYTES) {
      return Optional.empty();
    }
    byte[] expected = tag(authenticatorKey(cipher), box);
    // Takes the same time wherever the first difference is, so that a tag cannot be guessed
    // bytewise.
    if (!MessageDigest.isEqual(expected, Arrays.copyOf(box, TAG_BYTES))) {
      return Optional.empty();
    }
    byte[] message = new byte[box.length - TAG_BYTES];
    cipher.processBytes(box, TAG_BYTES, message.length, message, 0);
    return Optional.of(message);
  }

  private static XSalsa20Engine cipher(byte[] key, byte[] nonce) {
    if (key.length != KEY_BYTES || nonce.length != NONCE_BYTES) {
      throw new IllegalArgumentException(
          "A secretbox needs a key of %d and a nonce of %d bytes, not %d and %d"
              .formatted(KEY_BYTES, NONCE_BYTES, key.length, nonce.length));
    }
    var cipher = new XSalsa20Engine();
    cipher.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
    return cipher;
  }

  private static byte[] authenticatorKey(XSalsa20Engine cipher) {
    byte[] keystream = new byte[AUTHENTICATOR_KEY_BYTES];
    cipher.processBytes(keystream, 0, keystream.length, keystream, 0);
    return keystream;
  }

  private static byte[] tag(byte[] authenticatorKey, byte[] box) {
    var authenticator = new Poly1305();
    authenticator.init(new KeyParameter(authenticatorKey));
    authenticator.update(box, TAG_BYTES, box.length - TAG_BYTES);
    byte[] tag = new byte[TAG_BYTES];
    authenticator.doFinal(tag, 0);
    return tag;
  }
}
