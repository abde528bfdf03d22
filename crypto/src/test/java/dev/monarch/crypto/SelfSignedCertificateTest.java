package dev.monarch.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.junit.jupiter.api.Test;

class SelfSignedCertificateTest {
  private final SelfSignedCertificate made =
      SelfSignedCertificate.generate(
          "Habitat Supervisor Control Gateway",
          List.of("sup.example.org", "localhost"),
          new SecureRandom());

  @Test
  void theCertificateNamesWhomItIsForAndIsSignedByItsOwnKey() throws Exception {
    X509Certificate certificate = certificate();

    certificate.verify(certificate.getPublicKey());
    certificate.checkValidity();
    assertThat(certificate.getVersion()).isEqualTo(3);
    assertThat(certificate.getSubjectX500Principal().getName())
        .isEqualTo("O=Habitat Supervisor Control Gateway");
    assertThat(certificate.getIssuerX500Principal())
        .isEqualTo(certificate.getSubjectX500Principal());
    int dnsName = 2;
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactly(List.of(dnsName, "sup.example.org"), List.of(dnsName, "localhost"));
    assertThat(certificate.getBasicConstraints()).as("no authority").isNegative();
    assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
    assertThat(((ECPublicKey) certificate.getPublicKey()).getParams().getOrder().bitLength())
        .isEqualTo(256);
  }

  @Test
  void theKeyIsTheCertificatesAndHoldsItsPublicHalfToo() throws Exception {
    byte[] pkcs8 = content(made.privateKey(), "PRIVATE KEY");
    PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    byte[] message = "message".getBytes(US_ASCII);
    Signature signing = Signature.getInstance("SHA256withECDSA");
    signing.initSign(key);
    signing.update(message);
    Signature verifying = Signature.getInstance("SHA256withECDSA");
    verifying.initVerify(certificate().getPublicKey());
    verifying.update(message);

    assertThat(verifying.verify(signing.sign())).isTrue();
    assertThat(
            ECPrivateKey.getInstance(PrivateKeyInfo.getInstance(pkcs8).parsePrivateKey())
                .getPublicKey())
        .isNotNull();
  }

  @Test
  void noTwoAreTheSame() throws Exception {
    SelfSignedCertificate other =
        SelfSignedCertificate.generate("Acme", List.of("localhost"), new SecureRandom());

    assertThat(other.privateKey()).isNotEqualTo(made.privateKey());
    assertThat(certificate().getSerialNumber()).isPositive();
  }

  private X509Certificate certificate() throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(made.certificate().getBytes(US_ASCII)));
  }

  private static byte[] content(String pem, String kind) {
    assertThat(pem)
        .startsWith("-----BEGIN " + kind + "-----\n")
        .endsWith("\n-----END " + kind + "-----\n");
    assertThat(pem.lines()).allMatch(line -> line.length() <= 64);
    return Base64.getMimeDecoder().decode(content(pem));
  }

  private static String content(String pem) {
    return pem.replaceAll("-----[^-]+-----", "").strip();
  }
}
