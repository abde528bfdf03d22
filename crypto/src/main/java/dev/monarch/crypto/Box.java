package dev.monarch.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * A message from one who is known to one who is meant: sealed with the sender's secret and the
 * receiver's public key, opened with the other two (crypto-and-packages.md 3.1). A user seals
 * configuration and files this way for a service group. Its text is five lines,
 *
 * <pre>
 *   BOX-1
 *   alice-20260102030405                     the sender's key
 *   web.default@acme-20260102030406          the receiver's key
 *   AAECAwQFBgcICQoLDA0ODxAREhMUFRYX         the nonce, 24 bytes
 *   fMtKN4lzcjmYEk6pkJ/2FWgsnb/KFrFZszVyOw== the tag and the encrypted message
 * </pre>
 *
 * <p>without a line end behind the last. Nothing of it is trimmed when read; a carriage return
 * before a line feed and whatever follows the five lines does not matter.
 */
public final class Box {
  private static final String HEADER = "BOX-1";
  private static final String FORM =
      "a box is five lines: "
          + HEADER
          + ", the sender's key, the receiver's key, 24 bytes and the sealed message in base64;"
          + " seal the message again";

  /** 24 bytes in base64. */
  private static final int NONCE_CHARACTERS = 32;

  private final NamedRevision sender;
  private final NamedRevision receiver;
  private final byte[] nonce;
  private final byte[] sealed;

  private Box(NamedRevision sender, NamedRevision receiver, byte[] nonce, byte[] sealed) {
    this.sender = sender;
    this.receiver = receiver;
    this.nonce = nonce;
    this.sealed = sealed;
  }

  /** Seals a message. */
  public static Box seal(byte[] message, BoxSecretKey sender, BoxPublicKey receiver)
      throws KeyException {
    return seal(SecretBox.freshNonce(), message, sender, receiver);
  }

  /**
   * The same.
   *
   * @param nonce 24 bytes, never used between these two before
   */
  static Box seal(byte[] nonce, byte[] message, BoxSecretKey sender, BoxPublicKey receiver)
      throws KeyException {
    byte[] key =
        SharedKey.of(sender.bytes(), receiver.bytes()).orElseThrow(() -> weak(receiver.name()));
    return new Box(
        sender.name(), receiver.name(), nonce.clone(), SecretBox.seal(key, nonce, message));
  }

  static KeyException weak(NamedRevision publicKey) {
    return new KeyException(
        "The public key %s cannot keep a secret"
            .formatted(KeyException.quote(publicKey.toString())),
        "expected a key as 'hab user key generate' or 'hab svc key generate' makes it; generate"
            + " a new revision");
  }

  /** Reads a box's text. */
  public static Box parse(byte[] text) throws KeyException {
    try {
      return parse(UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString());
    } catch (CharacterCodingException notText) {
      throw new KeyException("Corrupt payload, can't read version", FORM);
    }
  }

  private static Box parse(String text) throws KeyException {
    TextLines lines = TextLines.of(text);
    String version = lines.get(0, "Corrupt payload, can't read version", FORM);
    if (!version.equals(HEADER)) {
      throw new KeyException("Unsupported version: " + KeyException.quote(version), FORM);
    }
    NamedRevision sender =
        NamedRevision.parse(lines.get(1, "Corrupt payload, can't read encryptor identifier", FORM));
    NamedRevision receiver =
        NamedRevision.parse(lines.get(2, "Corrupt payload, can't read decryptor key name", FORM));
    byte[] nonce =
        TextLines.base64(lines.get(3, "Corrupt payload, can't read nonce", FORM))
            .orElseThrow(() -> new KeyException("Can't decode nonce", FORM));
    if (nonce.length != SecretBox.NONCE_BYTES) {
      throw new KeyException("Invalid size of nonce", FORM);
    }
    byte[] sealed =
        TextLines.base64(lines.get(4, "Corrupt payload, can't read ciphertext", FORM))
            .orElseThrow(() -> new KeyException("Can't decode ciphertext", FORM));
    return new Box(sender, receiver, nonce, sealed);
  }

  /**
   * The longest message whose box has a text of at most so many bytes, such as those of the 65,536
   * that a configuration may have (control.md 10).
   *
   * @return negative if not even an empty message fits
   */
  public static int messageBytesMax(
      NamedRevision sender, NamedRevision receiver, int textBytesMax) {
    int lineFeeds = 4;
    int around =
        HEADER.length()
            + sender.toString().getBytes(UTF_8).length
            + receiver.toString().getBytes(UTF_8).length
            + NONCE_CHARACTERS
            + lineFeeds;
    // Four characters of base64 are three bytes.
    return 3 * Math.floorDiv(textBytesMax - around, 4) - SecretBox.TAG_BYTES;
  }

  /** The text {@link #parse} reads, byte for byte what the original writes. */
  public byte[] text() {
    return String.join(
            "\n",
            HEADER,
            sender.toString(),
            receiver.toString(),
            TextLines.base64(nonce),
            TextLines.base64(sealed))
        .getBytes(UTF_8);
  }

  /** Whose public key opens it. */
  public NamedRevision sender() {
    return sender;
  }

  /** Whose secret key opens it. */
  public NamedRevision receiver() {
    return receiver;
  }

  /** The message, opened with the keys of exactly the named revisions. */
  public byte[] open(KeyCache cache) throws KeyException {
    return open(cache.exact(KeyKind.BOX_PUBLIC, sender), cache.exact(KeyKind.BOX_SECRET, receiver));
  }

  /** The message. */
  public byte[] open(BoxPublicKey senderKey, BoxSecretKey receiverKey) throws KeyException {
    return SharedKey.of(receiverKey.bytes(), senderKey.bytes())
        .flatMap(key -> SecretBox.open(key, nonce, sealed))
        .orElseThrow(
            () ->
                new KeyException(
                    "Secret key, public key, and nonce could not decrypt ciphertext",
                    "the box was not sealed with the keys %s and %s, or changed since; compare both on the two machines, and seal it again"
                        .formatted(
                            KeyException.quote(sender.toString()),
                            KeyException.quote(receiver.toString()))));
  }

  /** The two keys' names, which are no secret. */
  @Override
  public String toString() {
    return "Box[" + sender + " to " + receiver + "]";
  }
}
