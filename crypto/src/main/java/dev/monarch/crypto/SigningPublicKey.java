package dev.monarch.crypto;

/** The half of an origin's pair that verifies what the origin signed. */
public final class SigningPublicKey extends Key {
  SigningPublicKey(NamedRevision name, byte[] bytes) {
    super(KeyKind.SIGNING_PUBLIC, name, bytes);
  }
}
