package dev.monarch.supervisor.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys and certificates in PEM text.
 *
 * <p>The JDK reads private keys in PKCS#8 only. The older forms, {@code RSA PRIVATE KEY} (PKCS#1)
 * and {@code EC PRIVATE KEY} (SEC 1), are the inner part of a PKCS#8 key, so they are read by
 * putting the outer part around them:
 *
 * <pre>
 *   SEQUENCE { INTEGER 0, SEQUENCE { algorithm, parameters }, OCTET STRING { inner } }
 * </pre>
 */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s+([A-Za-z0-9+/=\\s]+?)\\s*-----END \\1-----");

  private static final String PKCS8 = "PRIVATE KEY";

  private static final int INTEGER = 0x02;
  private static final int OCTET_STRING = 0x04;
  private static final int SEQUENCE = 0x30;

  /** The context-specific tag of a SEC 1 key's curve. */
  private static final int CURVE = 0xa0;

  /** rsaEncryption (1.2.840.113549.1.1.1) and its empty parameters. */
  private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d0101010500");

  /** id-ecPublicKey (1.2.840.10045.2.1); the curve follows. */
  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

  /** The JDK asks for the algorithm although the key names it. */
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

  private Pem() {}

  /** The first private key in the text. */
  static PrivateKey privateKey(String text) throws GeneralSecurityException {
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      Optional<PrivateKey> key = key(block);
      if (key.isPresent()) {
        return key.get();
      }
    }
    throw none(text);
  }

  /**
   * The last private key in the text, as the control gateway has it (control.md 6.3): the last in
   * PKCS#8, which is all that an original reads, or else the last in an older form.
   */
  static PrivateKey lastPrivateKey(String text) throws GeneralSecurityException {
    Optional<PrivateKey> last = Optional.empty();
    boolean lastIsPkcs8 = false;
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      boolean isPkcs8 = block.group(1).equals(PKCS8);
      if (isPkcs8 || !lastIsPkcs8) {
        Optional<PrivateKey> key = key(block);
        last = key.isPresent() ? key : last;
        lastIsPkcs8 |= isPkcs8;
      }
    }
    return last.orElseThrow(() -> none(text));
  }

  /** The key in a block; a file may hold certificates or EC parameters beside its key. */
  private static Optional<PrivateKey> key(Matcher block) throws GeneralSecurityException {
    return switch (block.group(1)) {
      case PKCS8 -> Optional.of(pkcs8(content(block)));
      case "RSA PRIVATE KEY" -> Optional.of(pkcs8(wrapped(RSA, content(block))));
      case "EC PRIVATE KEY" -> {
        byte[] content = content(block);
        yield Optional.of(pkcs8(wrapped(concat(EC, curve(content)), content)));
      }
      case "ENCRYPTED PRIVATE KEY" ->
          throw new InvalidKeySpecException("it is encrypted with a passphrase");
      default -> Optional.empty();
    };
  }

  private static InvalidKeySpecException none(String text) {
    return new InvalidKeySpecException(
        text.contains("Proc-Type: 4,ENCRYPTED")
            ? "it is encrypted with a passphrase"
            : "it holds no private key in PEM format");
  }

  /** All certificates in the text, at least one, in its order. */
  static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      if (block.group(1).equals("CERTIFICATE")) {
        certificates.add(
            (X509Certificate)
                factory.generateCertificate(new ByteArrayInputStream(content(block))));
      }
    }
    if (certificates.isEmpty()) {
      throw new CertificateException("it holds no certificate in PEM format");
    }
    return certificates;
  }

  private static byte[] content(Matcher block) throws InvalidKeySpecException {
    try {
      return Base64.getMimeDecoder().decode(block.group(2));
    } catch (IllegalArgumentException damaged) {
      throw new InvalidKeySpecException("its base64 text is damaged", damaged);
    }
  }

  private static PrivateKey pkcs8(byte[] content) throws GeneralSecurityException {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(content));
      } catch (InvalidKeySpecException another) {
        // Of another algorithm, or damaged: told apart only by trying all of them.
      }
    }
    throw new InvalidKeySpecException("its private key is damaged or of an unknown kind");
  }

  private static byte[] wrapped(byte[] algorithm, byte[] inner) {
    return element(
        SEQUENCE,
        concat(
            element(INTEGER, new byte[] {0}),
            element(SEQUENCE, algorithm),
            element(OCTET_STRING, inner)));
  }

  /** The curve's identifier out of {@code SEQUENCE { 1, key, [0] curve, [1] public key }}. */
  private static byte[] curve(byte[] sec1) throws InvalidKeySpecException {
    Element sequence = Element.at(sec1, 0);
    int position = sequence.start;
    while (position < sequence.end) {
      Element part = Element.at(sec1, position);
      if (part.tag == CURVE) {
        return java.util.Arrays.copyOfRange(sec1, part.start, part.end);
      }
      position = part.end;
    }
    throw new InvalidKeySpecException("its EC private key does not name its curve");
  }

  /** One DER element: where its content starts and ends. */
  private record Element(int tag, int start, int end) {
    static Element at(byte[] der, int position) throws InvalidKeySpecException {
      if (position + 2 <= der.length) {
        int length = der[position + 1] & 0xff;
        int start = position + 2;
        if (length > 0x80 && length <= 0x83 && start + (length & 0x7f) <= der.length) {
          int bytes = length & 0x7f;
          length = 0;
          for (int i = 0; i < bytes; i++) {
            length = (length << 8) | (der[start++] & 0xff);
          }
        }
        if (length <= der.length - start) {
          return new Element(der[position] & 0xff, start, start + length);
        }
      }
      throw new InvalidKeySpecException("its private key is truncated");
    }
  }

  private static byte[] element(int tag, byte[] content) {
    var header = new ByteArrayOutputStream();
    header.write(tag);
    if (content.length < 0x80) {
      header.write(content.length);
    } else {
      byte[] length = HexFormat.of().parseHex("%06x".formatted(content.length));
      header.write(0x80 | length.length);
      header.writeBytes(length);
    }
    return concat(header.toByteArray(), content);
  }

  private static byte[] concat(byte[]... parts) {
    var whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }
}
