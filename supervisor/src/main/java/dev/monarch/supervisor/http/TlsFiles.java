package dev.monarch.supervisor.http;

import dev.monarch.supervisor.StartException;
import dev.monarch.supervisor.config.SupervisorConfig.Tls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Makes TLS out of the files named for it, or says which of them is no good. */
final class TlsFiles {
  /** Chains of certificates have some kilobytes; more than this is another file. */
  private static final long BYTES_MAX = 4 << 20;

  private TlsFiles() {}

  static SSLContext context(Tls files) throws StartException {
    PrivateKey key = read(files.key(), "a private key that is not encrypted", Pem::privateKey);
    List<X509Certificate> chain = read(files.certificates(), "certificates", Pem::certificates);
    try {
      if (!belong(key, chain.getFirst())) {
        throw new StartException(
            "expected the first certificate in %s to belong to the key in %s, found another key's;"
                    .formatted(files.certificates(), files.key())
                + " put the key's own certificate first");
      }
      char[] unused = {};
      KeyStore own = empty();
      own.setKeyEntry("own", key, unused, chain.toArray(X509Certificate[]::new));
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(own, unused);

      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      KeyStore authorities = empty();
      if (files.clientAuthorities().isPresent()) {
        int number = 0;
        for (X509Certificate authority :
            read(files.clientAuthorities().get(), "certificates", Pem::certificates)) {
          authorities.setCertificateEntry("authority-" + number++, authority);
        }
      }
      trust.init(authorities);

      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keys.getKeyManagers(),
          files.clientAuthorities().isPresent() ? trust.getTrustManagers() : null,
          null);
      return context;
    } catch (GeneralSecurityException | IOException failure) {
      throw new StartException(
          "expected a usable pair in %s and %s, found: %s; make a new one"
              .formatted(files.key(), files.certificates(), failure.getMessage()),
          failure);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /** True if what the key signs, the certificate verifies. */
  private static boolean belong(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    String keyKind = key.getAlgorithm();
    String algorithm =
        switch (keyKind) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> keyKind;
        };
    if (!certificate.getPublicKey().getAlgorithm().equals(keyKind)) {
      return false;
    }
    byte[] sample = "sample".getBytes(StandardCharsets.US_ASCII);
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(sample);
    byte[] signed = signature.sign();
    Signature verification = Signature.getInstance(algorithm);
    verification.initVerify(certificate.getPublicKey());
    verification.update(sample);
    return verification.verify(signed);
  }

  private interface Parser<T> {
    T parse(String text) throws GeneralSecurityException;
  }

  private static <T> T read(Path file, String expected, Parser<T> parser) throws StartException {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new GeneralSecurityException("it is greater than " + BYTES_MAX + " bytes");
      }
      // PEM is ASCII; files hold remarks in any encoding beside it.
      return parser.parse(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException missing) {
      throw new StartException(
          "expected %s in %s, found no such file; check --key, --certs and --ca-certs"
              .formatted(expected, file),
          missing);
    } catch (IOException unreadable) {
      throw new StartException(
          "expected %s in %s, found it unreadable (%s); check its permissions"
              .formatted(expected, file, unreadable.getClass().getSimpleName()),
          unreadable);
    } catch (GeneralSecurityException wrong) {
      throw new StartException(
          "expected %s in %s, but %s; name another file"
              .formatted(expected, file, wrong.getMessage()),
          wrong);
    }
  }
}
