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
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Makes TLS out of the files named for it, or says which of them is no good. */
public final class TlsFiles {
  /** Chains of certificates have some kilobytes; more than this is another file. */
  private static final long BYTES_MAX = 4 << 20;

  private TlsFiles() {}

  /** For a gateway. */
  static SSLContext context(Tls files) throws StartException {
    return context(
        keys(files.key(), files.certificates()), trusted(files.clientAuthorities()), files.key());
  }

  /**
   * For the control gateway, whose files are read by rules of their own: the last key of a file
   * counts, and each authority may itself be what a client shows (control.md 6.3).
   */
  public static SSLContext controlContext(Tls files) throws StartException {
    return context(
        keys(files.key(), files.certificates(), Pem::lastPrivateKey),
        judged(trusted(files.clientAuthorities()), DatedTrust::new),
        files.key());
  }

  /**
   * For a client of a gateway.
   *
   * @param authorities who may have signed the gateway's certificate; the JDK's own if not given
   * @param own what to show to a gateway that asks: the key, and its certificate with those that
   *     lead to its authority, in PEM
   */
  public static SSLContext clientContext(Optional<Path> authorities, Optional<Identity> own)
      throws StartException {
    Optional<Path> key = own.map(Identity::key);
    return context(
        own.isPresent() ? keys(own.get().key(), own.get().certificates()) : new KeyManager[0],
        trusted(authorities),
        key.or(() -> authorities).orElse(Path.of("")));
  }

  /**
   * For a client of a control gateway, whose files are read by the same rules as the gateway's.
   *
   * @param authorities who may have signed the gateway's certificate
   * @param own what to show to a gateway that asks
   * @param judge takes the JDK's judgement of the gateway's certificate and returns the one to use
   */
  public static SSLContext controlClientContext(
      Path authorities, Optional<Identity> own, UnaryOperator<X509ExtendedTrustManager> judge)
      throws StartException {
    KeyManager[] keys =
        own.isPresent()
            ? keys(own.get().key(), own.get().certificates(), Pem::lastPrivateKey)
            : new KeyManager[0];
    return context(
        keys,
        judged(trusted(Optional.of(authorities)), judge),
        own.map(Identity::key).orElse(authorities));
  }

  private static TrustManager @Nullable [] judged(
      TrustManager @Nullable [] trusted, UnaryOperator<X509ExtendedTrustManager> judge) {
    if (trusted != null) {
      for (int i = 0; i < trusted.length; i++) {
        if (trusted[i] instanceof X509ExtendedTrustManager trust) {
          trusted[i] = judge.apply(trust);
        }
      }
    }
    return trusted;
  }

  /** Who a client is. */
  public record Identity(Path key, Path certificates) {}

  private static SSLContext context(
      KeyManager[] keys, TrustManager @Nullable [] trusted, Path first) throws StartException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trusted, null);
      return context;
    } catch (GeneralSecurityException failure) {
      throw unusable(first, failure);
    }
  }

  private static KeyManager[] keys(Path keyFile, Path certificates) throws StartException {
    return keys(keyFile, certificates, Pem::privateKey);
  }

  private static KeyManager[] keys(Path keyFile, Path certificates, Parser<PrivateKey> which)
      throws StartException {
    PrivateKey key = read(keyFile, "a private key that is not encrypted", which);
    List<X509Certificate> chain = read(certificates, "certificates", Pem::certificates);
    try {
      if (!belong(key, chain.getFirst())) {
        throw new StartException(
            "expected the first certificate in %s to belong to the key in %s, found another key's;"
                    .formatted(certificates, keyFile)
                + " put the key's own certificate first");
      }
      char[] unused = {};
      KeyStore own = empty();
      own.setKeyEntry("own", key, unused, chain.toArray(X509Certificate[]::new));
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(own, unused);
      return keys.getKeyManagers();
    } catch (GeneralSecurityException | IOException failure) {
      throw unusable(keyFile, failure);
    }
  }

  /** Null stands for the JDK's own authorities, as it does in {@link SSLContext#init}. */
  private static TrustManager @Nullable [] trusted(Optional<Path> authorities)
      throws StartException {
    if (authorities.isEmpty()) {
      return null;
    }
    List<X509Certificate> certificates = read(authorities.get(), "certificates", Pem::certificates);
    try {
      KeyStore trusted = empty();
      int number = 0;
      for (X509Certificate authority : certificates) {
        trusted.setCertificateEntry("authority-" + number++, authority);
      }
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      return trust.getTrustManagers();
    } catch (GeneralSecurityException | IOException failure) {
      throw unusable(authorities.get(), failure);
    }
  }

  private static StartException unusable(Path file, Exception failure) {
    return new StartException(
        "expected %s and the files named with it to be usable for TLS, found: %s; make new ones"
            .formatted(file, failure.getMessage()),
        failure);
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
          "expected %s in %s, found no such file; correct the option that names it"
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
