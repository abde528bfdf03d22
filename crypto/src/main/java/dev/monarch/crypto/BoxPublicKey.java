package dev.monarch.crypto;

/**
 * The half of a user's or a service group's pair that others may know: it opens what its owner
 * sealed, and seals what only its owner can open.
 */
public final class BoxPublicKey extends Key {
  BoxPublicKey(NamedRevision name, byte[] bytes) {
    super(KeyKind.BOX_PUBLIC, name, bytes);
  }
}
