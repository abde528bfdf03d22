package dev.monarch.crypto;

import java.security.SecureRandom;
import java.time.Instant;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.bouncycastle.util.Arrays;

/** Two keys of one name and revision that belong together. */
public record KeyPair<P extends Key, S extends Key>(P publicKey, S secretKey) {
  public KeyPair {
    if (!publicKey.name().equals(secretKey.name())) {
      throw new IllegalArgumentException(
          "Expected two keys of one name, found %s and %s".formatted(publicKey, secretKey));
    }
  }

  /**
   * A new pair for a user, or for a service group's {@code SERVICE.GROUP@ORGANIZATION}.
   *
   * @throws IllegalArgumentException if the name is empty or not a single line
   */
  public static KeyPair<BoxPublicKey, BoxSecretKey> forBoxes(
      String name, Instant now, SecureRandom random) {
    NamedRevision revision = NamedRevision.at(name, now);
    byte[] secret = new byte[X25519.SCALAR_SIZE];
    random.nextBytes(secret);
    return new KeyPair<>(
        new BoxPublicKey(revision, SharedKey.publicKey(secret)),
        new BoxSecretKey(revision, secret));
  }

  /**
   * A new pair for an origin.
   *
   * @throws IllegalArgumentException if the name is empty or not a single line
   */
  public static KeyPair<SigningPublicKey, SigningSecretKey> forSigning(
      String origin, Instant now, SecureRandom random) {
    NamedRevision revision = NamedRevision.at(origin, now);
    byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
    random.nextBytes(seed);
    byte[] open = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(seed, 0, open, 0);
    return new KeyPair<>(
        new SigningPublicKey(revision, open),
        new SigningSecretKey(revision, Arrays.concatenate(seed, open)));
  }

  public NamedRevision name() {
    return publicKey.name();
  }
}
