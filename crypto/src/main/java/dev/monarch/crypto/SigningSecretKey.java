package dev.monarch.crypto;

/** The half of an origin's pair that signs its packages: an Ed25519 seed and the public key. */
public final class SigningSecretKey extends Key {
  SigningSecretKey(NamedRevision name, byte[] bytes) {
    super(KeyKind.SIGNING_SECRET, name, bytes);
  }
}
