package dev.monarch.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * A key for TLS, and a certificate for it that nobody but itself vouches for: whoever is to trust
 * it, is given the certificate (control.md 6.4).
 *
 * <p>The key is an ECDSA key on P-256 in PKCS#8. The inner part holds the public key beside the
 * secret one, which the JDK's own encoding leaves out and some readers insist on. The certificate
 * is of X.509 version 3, says for which names it is, and makes no authority.
 */
public final class SelfSignedCertificate {
  private static final String CURVE = "secp256r1";
  private static final int CURVE_BITS = 256;

  /** As many as a certificate may have, the first bit being the sign. */
  private static final int SERIAL_NUMBER_BITS = 159;

  /**
   * It is replaced by hand, whenever somebody wants to, and valid whatever the clocks of the
   * machines say; so are those the original makes.
   */
  private static final Time FIRST_DAY = new Time(new DERUTCTime("750101000000Z"));

  private static final Time LAST_DAY = new Time(new DERGeneralizedTime("40960101000000Z"));

  private static final AlgorithmIdentifier SIGNATURE =
      new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

  private static final int PEM_CHARACTERS = 64;

  private final String certificate;
  private final String privateKey;

  private SelfSignedCertificate(String certificate, String privateKey) {
    this.certificate = certificate;
    this.privateKey = privateKey;
  }

  /**
   * A new key with its certificate.
   *
   * @param organization whom it is for
   * @param dnsNames by which it is asked for
   */
  public static SelfSignedCertificate generate(
      String organization, List<String> dnsNames, SecureRandom random) {
    try {
      KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
      keys.initialize(new ECGenParameterSpec(CURVE), random);
      KeyPair pair = keys.generateKeyPair();
      var publicKey = SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
      TBSCertificate content = content(organization, dnsNames, publicKey, random);
      var certificate =
          new DERSequence(
              new ASN1Encodable[] {
                content, SIGNATURE, new DERBitString(sign(pair.getPrivate(), der(content), random))
              });
      return new SelfSignedCertificate(
          pem("CERTIFICATE", certificate),
          pem("PRIVATE KEY", pkcs8((ECPrivateKey) pair.getPrivate(), publicKey)));
    } catch (GeneralSecurityException | IOException impossible) {
      throw new IllegalStateException("This JDK lacks ECDSA on P-256", impossible);
    }
  }

  private static TBSCertificate content(
      String organization,
      List<String> dnsNames,
      SubjectPublicKeyInfo publicKey,
      SecureRandom random)
      throws IOException {
    X500Name name = new X500NameBuilder().addRDN(BCStyle.O, organization).build();
    var names =
        new GeneralNames(
            dnsNames.stream()
                .map(dns -> new GeneralName(GeneralName.dNSName, dns))
                .toArray(GeneralName[]::new));
    var extensions = new ExtensionsGenerator();
    extensions.addExtension(Extension.subjectAlternativeName, false, names);
    var content = new V3TBSCertificateGenerator();
    content.setSerialNumber(new ASN1Integer(new BigInteger(SERIAL_NUMBER_BITS, random)));
    content.setSignature(SIGNATURE);
    content.setIssuer(name);
    content.setStartDate(FIRST_DAY);
    content.setEndDate(LAST_DAY);
    content.setSubject(name);
    content.setSubjectPublicKeyInfo(publicKey);
    content.setExtensions(extensions.generate());
    return content.generateTBSCertificate();
  }

  private static byte[] sign(PrivateKey key, byte[] content, SecureRandom random)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key, random);
    signature.update(content);
    return signature.sign();
  }

  private static PrivateKeyInfo pkcs8(ECPrivateKey key, SubjectPublicKeyInfo publicKey)
      throws IOException {
    return new PrivateKeyInfo(
        publicKey.getAlgorithm(),
        new org.bouncycastle.asn1.sec.ECPrivateKey(
            CURVE_BITS, key.getS(), publicKey.getPublicKeyData(), null));
  }

  private static String pem(String kind, ASN1Encodable content) {
    var base64 = Base64.getMimeEncoder(PEM_CHARACTERS, "\n".getBytes(US_ASCII));
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, base64.encodeToString(der(content)), kind);
  }

  private static byte[] der(ASN1Encodable content) {
    try {
      return content.toASN1Primitive().getEncoded(ASN1Encoding.DER);
    } catch (IOException impossible) {
      throw new UncheckedIOException("An encoding in memory failed", impossible);
    }
  }

  /** The certificate in PEM. */
  public String certificate() {
    return certificate;
  }

  /** The key in PEM, which is a secret. */
  public String privateKey() {
    return privateKey;
  }
}
