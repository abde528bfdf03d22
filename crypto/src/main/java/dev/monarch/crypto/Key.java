package dev.monarch.crypto;

import java.security.MessageDigest;

/**
 * A key with a name and a revision. Its text, in a file or wherever keys are passed on, is
 *
 * <pre>
 *   SYM-SEC-1                                        the header tells the kind
 *   demo-20260102030405                              name and revision
 *                                                    skipped, whatever it holds
 *   AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=     without a line end when written
 * </pre>
 *
 * <p>It is read with the original's leniency and no more (crypto-and-packages.md 2.2): carriage
 * returns before line feeds, blanks around the last line and anything after it do not matter.
 *
 * <p>Immutable; any number of threads may use one key. Its bytes leave it through {@link #text}
 * only.
 */
public abstract sealed class Key
    permits RingKey, BoxPublicKey, BoxSecretKey, SigningPublicKey, SigningSecretKey {
  private final KeyKind<?> kind;
  private final NamedRevision name;
  private final byte[] bytes;

  /**
   * @param bytes as many as the kind says; the caller lets go of them
   */
  Key(KeyKind<?> kind, NamedRevision name, byte[] bytes) {
    if (bytes.length != kind.bytes()) {
      throw new IllegalArgumentException(
          "Expected %d bytes for a %s, found %d".formatted(kind.bytes(), kind, bytes.length));
    }
    this.kind = kind;
    this.name = name;
    this.bytes = bytes;
  }

  public final KeyKind<?> kind() {
    return kind;
  }

  public final NamedRevision name() {
    return name;
  }

  /** How the key's file is called in a key cache. */
  public final String fileName() {
    return kind.fileName(name);
  }

  /** The text {@link KeyKind#parse} reads, byte for byte what the original writes. */
  public final String text() {
    return kind.header() + "\n" + name + "\n\n" + TextLines.base64(bytes);
  }

  /** Not a copy. */
  final byte[] bytes() {
    return bytes;
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof Key that
        && kind == that.kind
        && name.equals(that.name)
        && MessageDigest.isEqual(bytes, that.bytes);
  }

  @Override
  public final int hashCode() {
    return name.hashCode();
  }

  /** The kind and the name alone, because this ends in logs. */
  @Override
  public final String toString() {
    return getClass().getSimpleName() + "[" + name + "]";
  }
}
