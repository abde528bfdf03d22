package dev.monarch.crypto;

import java.util.Optional;
import org.bouncycastle.crypto.engines.Salsa20Engine;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.util.Pack;

/**
 * What two pairs of keys have in common: NaCl's way from a secret and a public key to the key of a
 * {@link SecretBox} (crypto-and-packages.md 1). X25519 gives the same point to both sides, and
 * HSalsa20 makes evenly distributed bytes of it.
 */
final class SharedKey {
  private static final int ROUNDS = 20;
  private static final int WORDS = 16;

  /** "expand 32-byte k", which stands on the diagonal of the cipher's square of words. */
  private static final int[] CONSTANT = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

  private static final int[] DIAGONAL = {0, 5, 10, 15};

  private SharedKey() {}

  /** The public key that belongs to a secret one. */
  static byte[] publicKey(byte[] secretKey) {
    byte[] publicKey = new byte[X25519.POINT_SIZE];
    X25519.generatePublicKey(secretKey, 0, publicKey, 0);
    return publicKey;
  }

  /**
   * The key of the box between the two.
   *
   * @return nothing if the public key is one of the few that make the result known to everybody
   */
  static Optional<byte[]> of(byte[] secretKey, byte[] publicKey) {
    byte[] point = new byte[X25519.POINT_SIZE];
    return X25519.calculateAgreement(secretKey, 0, publicKey, 0, point, 0)
        ? Optional.of(hsalsa20(point))
        : Optional.empty();
  }

  /** HSalsa20 with 16 zero bytes where a nonce would be: Salsa20's rounds, the sum left out. */
  private static byte[] hsalsa20(byte[] key) {
    int[] before = new int[WORDS];
    for (int i = 0; i < DIAGONAL.length; i++) {
      before[DIAGONAL[i]] = CONSTANT[i];
      before[1 + i] = Pack.littleEndianToInt(key, 4 * i);
      before[11 + i] = Pack.littleEndianToInt(key, 16 + 4 * i);
    }
    int[] after = new int[WORDS];
    Salsa20Engine.salsaCore(ROUNDS, before, after);
    byte[] result = new byte[SecretBox.KEY_BYTES];
    for (int i = 0; i < DIAGONAL.length; i++) {
      Pack.intToLittleEndian(after[DIAGONAL[i]] - CONSTANT[i], result, 4 * i);
      Pack.intToLittleEndian(after[6 + i], result, 16 + 4 * i);
    }
    return result;
  }
}
