package dev.monarch.crypto;

/** The half of a user's or a service group's pair that never leaves its owner. */
public final class BoxSecretKey extends Key {
  BoxSecretKey(NamedRevision name, byte[] bytes) {
    super(KeyKind.BOX_SECRET, name, bytes);
  }
}
