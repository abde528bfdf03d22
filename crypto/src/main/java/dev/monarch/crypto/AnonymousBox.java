package dev.monarch.crypto;

import java.security.SecureRandom;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.util.Arrays;

/**
 * A message from nobody in particular (crypto-and-packages.md 3.2), as secrets are given to an
 * origin: whoever has the receiver's public key can seal one. The sender's pair is made for this
 * one box; its public half goes along, its secret half is forgotten. The text is three lines,
 *
 * <pre>
 *   ANONYMOUS-BOX-1
 *   acme-20260102030407          the receiver's key
 *   Z13VdO13iTELPS52…            the sender's public key, the tag and the encrypted message
 * </pre>
 *
 * without a line end behind the last.
 */
public final class AnonymousBox {
  private static final String HEADER = "ANONYMOUS-BOX-1";
  private static final String FORM =
      "an anonymous box is three lines: "
          + HEADER
          + ", the receiver's key, and the sealed message in base64; seal the message again";

  private final NamedRevision receiver;
  private final byte[] sealed;

  private AnonymousBox(NamedRevision receiver, byte[] sealed) {
    this.receiver = receiver;
    this.sealed = sealed;
  }

  /** Seals a message. */
  public static AnonymousBox seal(byte[] message, BoxPublicKey receiver, SecureRandom random)
      throws KeyException {
    byte[] once = new byte[X25519.SCALAR_SIZE];
    random.nextBytes(once);
    byte[] sender = SharedKey.publicKey(once);
    byte[] key = SharedKey.of(once, receiver.bytes()).orElseThrow(() -> Box.weak(receiver.name()));
    byte[] box = SecretBox.seal(key, nonce(sender, receiver.bytes()), message);
    return new AnonymousBox(receiver.name(), Arrays.concatenate(sender, box));
  }

  /** Reads a box's text. */
  public static AnonymousBox parse(String text) throws KeyException {
    TextLines lines = TextLines.of(text);
    String version = lines.get(0, "Corrupt payload, can't read version", FORM);
    if (!version.equals(HEADER)) {
      throw new KeyException("Unsupported version: " + KeyException.quote(version), FORM);
    }
    NamedRevision receiver =
        NamedRevision.parse(lines.get(1, "Corrupt payload, can't read key_pair identifier", FORM));
    byte[] sealed =
        TextLines.base64(lines.get(2, "Corrupt payload, can't read ciphertext", FORM))
            .orElseThrow(() -> new KeyException("Can't decode ciphertext", FORM));
    return new AnonymousBox(receiver, sealed);
  }

  /** The text {@link #parse} reads, byte for byte what the original writes. */
  public String text() {
    return HEADER + "\n" + receiver + "\n" + TextLines.base64(sealed);
  }

  /** Whose secret key opens it. */
  public NamedRevision receiver() {
    return receiver;
  }

  /** The message. */
  public byte[] open(BoxSecretKey receiverKey) throws KeyException {
    if (sealed.length >= X25519.POINT_SIZE) {
      byte[] sender = Arrays.copyOf(sealed, X25519.POINT_SIZE);
      byte[] box = Arrays.copyOfRange(sealed, X25519.POINT_SIZE, sealed.length);
      byte[] nonce = nonce(sender, SharedKey.publicKey(receiverKey.bytes()));
      var message =
          SharedKey.of(receiverKey.bytes(), sender).flatMap(key -> SecretBox.open(key, nonce, box));
      if (message.isPresent()) {
        return message.get();
      }
    }
    throw new KeyException(
        "Secret key could not decrypt ciphertext",
        "the box was not sealed for the key %s, or changed since; seal it again"
            .formatted(KeyException.quote(receiverKey.name().toString())));
  }

  /** Nobody could send one along: it is made of the two public keys. */
  private static byte[] nonce(byte[] sender, byte[] receiver) {
    var digest = new Blake2bDigest(SecretBox.NONCE_BYTES * Byte.SIZE);
    digest.update(sender, 0, sender.length);
    digest.update(receiver, 0, receiver.length);
    byte[] nonce = new byte[SecretBox.NONCE_BYTES];
    digest.doFinal(nonce, 0);
    return nonce;
  }

  /** The receiver's name alone. */
  @Override
  public String toString() {
    return "AnonymousBox[to " + receiver + "]";
  }
}
