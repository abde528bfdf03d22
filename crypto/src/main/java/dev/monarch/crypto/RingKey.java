package dev.monarch.crypto;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The key all members of a ring share. Its text, in a file or in {@code HAB_RING_KEY}, is
 *
 * <pre>
 *   SYM-SEC-1
 *   demo-20260102030405
 *                                                    skipped, whatever it holds
 *   AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=     without a line end when written
 * </pre>
 *
 * <p>It is read with the original's leniency and no more (crypto-and-packages.md 2.2): carriage
 * returns before line feeds, blanks around the last line and anything after it do not matter.
 *
 * <p>Immutable; any number of threads may seal and open with one key. The bytes leave it through
 * {@link #text} only.
 */
public final class RingKey {
  /** A nonce goes in clear beside what was sealed with it. */
  public static final int NONCE_BYTES = SecretBox.NONCE_BYTES;

  /** By how much a box is longer than its message: the tag that authenticates it. */
  public static final int TAG_BYTES = SecretBox.TAG_BYTES;

  static final String FILE_SUFFIX = ".sym.key";

  private static final String HEADER = "SYM-SEC-1";
  private static final String FORM =
      "a ring key is four lines: "
          + HEADER
          + ", name-revision, an empty one, and 32 bytes in base64";
  private static final SecureRandom NONCES = new SecureRandom();

  private final NamedRevision name;
  private final byte[] key;

  private RingKey(NamedRevision name, byte[] key) {
    this.name = name;
    this.key = key;
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
    List<String> lines = lines(text);
    String header = line(lines, 0, "Missing key version");
    if (!header.equals(HEADER)) {
      throw new KeyException("Unsupported key version: " + KeyException.quote(header), FORM);
    }
    NamedRevision name = NamedRevision.parse(line(lines, 1, "Missing name+revision"));
    byte[] key = base64(line(lines, 3, "Missing key material").strip());
    if (key.length != SecretBox.KEY_BYTES) {
      throw new KeyException(
          "Could not parse bytes as key for " + KeyException.quote(name.toString()),
          "expected %d bytes, found %d".formatted(SecretBox.KEY_BYTES, key.length));
    }
    return new RingKey(name, key);
  }

  /** Whether the text has the first line of some other kind of key. */
  static boolean isAnotherKind(String text) {
    List<String> lines = lines(text);
    return !lines.isEmpty() && !lines.getFirst().equals(HEADER);
  }

  /** A nonce that was never used before and never will be: random, and long enough for that. */
  public static byte[] freshNonce() {
    byte[] nonce = new byte[NONCE_BYTES];
    NONCES.nextBytes(nonce);
    return nonce;
  }

  /** The text {@link #parse} reads, byte for byte what the original writes. */
  public String text() {
    return HEADER + "\n" + name + "\n\n" + Base64.getEncoder().encodeToString(key);
  }

  public NamedRevision name() {
    return name;
  }

  /** How the key's file is called in a key cache. */
  public String fileName() {
    return name + FILE_SUFFIX;
  }

  /**
   * Seals a message.
   *
   * @param nonce 24 bytes, never used with this key before
   * @return the tag and the encrypted message
   */
  public byte[] seal(byte[] nonce, byte[] message) {
    return SecretBox.seal(key, nonce, message);
  }

  /**
   * Opens what was sealed.
   *
   * @param nonce the 24 bytes it was sealed with
   * @return the message, or nothing if it was sealed with another key or changed since
   */
  public Optional<byte[]> open(byte[] nonce, byte[] box) {
    return SecretBox.open(key, nonce, box);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RingKey that
        && name.equals(that.name)
        && MessageDigest.isEqual(key, that.key);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /** The name alone, because this ends in logs. */
  @Override
  public String toString() {
    return "RingKey[" + name + "]";
  }

  /**
   * Lines as the original counts them: a line feed at the end of the text begins no further one.
   */
  private static List<String> lines(String text) {
    List<String> lines = List.of(text.replace("\r\n", "\n").split("\n", -1));
    return lines.getLast().isEmpty() ? lines.subList(0, lines.size() - 1) : lines;
  }

  private static String line(List<String> lines, int index, String problem) throws KeyException {
    if (index >= lines.size()) {
      throw new KeyException(problem, FORM);
    }
    return lines.get(index);
  }

  /** Strict, as the original is: the JDK alone would take text without padding and stray bits. */
  private static byte[] base64(String text) throws KeyException {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (Base64.getEncoder().encodeToString(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException notBase64) {
      // The JDK's message would quote a piece of the key.
    }
    throw new KeyException("Invalid base64 key material", FORM);
  }
}
