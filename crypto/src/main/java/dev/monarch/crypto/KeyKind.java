package dev.monarch.crypto;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * What a key is for, and how its text and its file show it (crypto-and-packages.md 2.1).
 *
 * <pre>
 *   kind             whose                        header      file
 *   RING             a ring                       SYM-SEC-1   NAME-REV.sym.key
 *   BOX_SECRET       a user, a service group      BOX-SEC-1   NAME-REV.box.key
 *   BOX_PUBLIC       the same                     BOX-PUB-1   NAME-REV.pub
 *   SIGNING_SECRET   an origin                    SIG-SEC-1   NAME-REV.sig.key
 *   SIGNING_PUBLIC   the same                     SIG-PUB-1   NAME-REV.pub
 * </pre>
 *
 * <p>A service group's keys are called {@code SERVICE.GROUP@ORGANIZATION}. Public keys of both
 * kinds share their suffix, so that only the header tells one from the other.
 *
 * @param <K> the keys of this kind
 */
public final class KeyKind<K extends Key> {
  private static final int BOX_KEY_BYTES = 32;
  private static final int SIGNING_PUBLIC_BYTES = 32;

  /** The seed, and the public key behind it. */
  private static final int SIGNING_SECRET_BYTES = 64;

  private static final String MAKE_BOX_KEYS =
      "make the pair with 'hab user key generate' or 'hab svc key generate', or copy the file"
          + " there";
  private static final String COPY = "copy the file there from where the key was made";

  public static final KeyKind<RingKey> RING =
      new KeyKind<>(
          "ring key",
          "SYM-SEC-1",
          ".sym.key",
          true,
          SecretBox.KEY_BYTES,
          RingKey::new,
          "make it with 'hab ring key generate', or bring it with 'hab ring key import'",
          "bring it there with 'hab ring key import'");

  public static final KeyKind<BoxSecretKey> BOX_SECRET =
      new KeyKind<>(
          "secret encryption key",
          "BOX-SEC-1",
          ".box.key",
          true,
          BOX_KEY_BYTES,
          BoxSecretKey::new,
          MAKE_BOX_KEYS,
          COPY);

  public static final KeyKind<BoxPublicKey> BOX_PUBLIC =
      new KeyKind<>(
          "public encryption key",
          "BOX-PUB-1",
          ".pub",
          false,
          BOX_KEY_BYTES,
          BoxPublicKey::new,
          MAKE_BOX_KEYS,
          COPY);

  public static final KeyKind<SigningSecretKey> SIGNING_SECRET =
      new KeyKind<>(
          "secret origin key",
          "SIG-SEC-1",
          ".sig.key",
          true,
          SIGNING_SECRET_BYTES,
          SigningSecretKey::new,
          "make the pair with 'hab origin key generate', or bring it with 'hab origin key import'",
          "bring it there with 'hab origin key import'");

  public static final KeyKind<SigningPublicKey> SIGNING_PUBLIC =
      new KeyKind<>(
          "public origin key",
          "SIG-PUB-1",
          ".pub",
          false,
          SIGNING_PUBLIC_BYTES,
          SigningPublicKey::new,
          "make the pair with 'hab origin key generate', or bring it with 'hab origin key import'",
          "bring it there with 'hab origin key import'");

  private static final List<KeyKind<?>> ALL =
      List.of(RING, BOX_SECRET, BOX_PUBLIC, SIGNING_SECRET, SIGNING_PUBLIC);

  private final String noun;
  private final String header;
  private final String fileSuffix;
  private final boolean secret;
  private final int bytes;
  private final BiFunction<NamedRevision, byte[], K> maker;
  private final String howToHave;
  private final String howToBring;

  private KeyKind(
      String noun,
      String header,
      String fileSuffix,
      boolean secret,
      int bytes,
      BiFunction<NamedRevision, byte[], K> maker,
      String howToHave,
      String howToBring) {
    this.noun = noun;
    this.header = header;
    this.fileSuffix = fileSuffix;
    this.secret = secret;
    this.bytes = bytes;
    this.maker = maker;
    this.howToHave = howToHave;
    this.howToBring = howToBring;
  }

  /** Reads a key's text. */
  public K parse(String text) throws KeyException {
    String form =
        "a %s is four lines: %s, name-revision, an empty one, and %d bytes in base64"
            .formatted(noun, header, bytes);
    TextLines lines = TextLines.of(text);
    String version = lines.get(0, "Missing key version", form);
    if (!version.equals(header)) {
      throw new KeyException("Unsupported key version: " + KeyException.quote(version), form);
    }
    NamedRevision name = NamedRevision.parse(lines.get(1, "Missing name+revision", form));
    byte[] material =
        TextLines.base64(lines.get(3, "Missing key material", form).strip())
            .orElseThrow(() -> new KeyException("Invalid base64 key material", form));
    if (material.length != bytes) {
      throw new KeyException(
          "Could not parse bytes as key for " + KeyException.quote(name.toString()),
          "expected %d bytes, found %d".formatted(bytes, material.length));
    }
    return maker.apply(name, material);
  }

  /** How a key's file is called in a key cache. */
  public String fileName(NamedRevision name) {
    return name + fileSuffix;
  }

  /** The kind whose header a text begins with, if it is one of these. */
  public static Optional<KeyKind<?>> ofText(String text) {
    Optional<String> first = TextLines.of(text).find(0);
    return ALL.stream().filter(kind -> first.equals(Optional.of(kind.header))).findFirst();
  }

  String header() {
    return header;
  }

  String fileSuffix() {
    return fileSuffix;
  }

  /** Whether a key of this kind is for its owner's eyes only. */
  boolean isSecret() {
    return secret;
  }

  int bytes() {
    return bytes;
  }

  /** What to do if there is no key of a name. */
  String howToHave() {
    return howToHave;
  }

  /** What to do if exactly one revision is needed and not there. */
  String howToBring() {
    return howToBring;
  }

  /** What a key of this kind is called in a sentence. */
  @Override
  public String toString() {
    return noun;
  }
}
