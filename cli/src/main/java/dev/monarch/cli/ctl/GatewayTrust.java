package dev.monarch.cli.ctl;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Judges a gateway's certificate as the JDK does, in steps, so that it can be told which of them
 * failed: the time, the authority, the name. A certificate that is its own authority is judged by
 * its time as well, which the JDK would leave out.
 */
final class GatewayTrust {
  /** Why a certificate is not accepted. */
  sealed interface Refusal {}

  record Expired(String when) implements Refusal {}

  record NotYetValid(String when) implements Refusal {}

  record AnotherAuthority(String issuer) implements Refusal {}

  record AnotherName(List<String> names) implements Refusal {}

  private Optional<Refusal> refusal = Optional.empty();
  private boolean satisfied;

  /** Why the certificate was not accepted; empty if it was, or none was shown. */
  Optional<Refusal> refusal() {
    return refusal;
  }

  /** Whether a certificate was shown and accepted. */
  boolean isSatisfied() {
    return satisfied;
  }

  /** The same judgement, with the reason kept. */
  X509ExtendedTrustManager judging(X509ExtendedTrustManager trust) {
    return new Judge(trust);
  }

  private CertificateException refuse(Refusal why, CertificateException cause) {
    refusal = Optional.of(why);
    return cause;
  }

  private static List<String> names(X509Certificate certificate)
      throws CertificateParsingException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names == null
        ? List.of()
        : names.stream().map(name -> String.valueOf(name.get(1))).toList();
  }

  private final class Judge extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager trust;

    Judge(X509ExtendedTrustManager trust) {
      this.trust = trust;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String method, Socket socket)
        throws CertificateException {
      X509Certificate shown = chain[0];
      try {
        shown.checkValidity();
      } catch (CertificateExpiredException late) {
        throw refuse(new Expired(shown.getNotAfter().toInstant().toString()), late);
      } catch (CertificateNotYetValidException early) {
        throw refuse(new NotYetValid(shown.getNotBefore().toInstant().toString()), early);
      }
      try {
        trust.checkServerTrusted(chain, method);
      } catch (CertificateException stranger) {
        throw refuse(
            new AnotherAuthority("\"" + shown.getIssuerX500Principal().getName() + "\""), stranger);
      }
      try {
        trust.checkServerTrusted(chain, method, socket);
      } catch (CertificateException other) {
        throw refuse(new AnotherName(names(shown)), other);
      }
      satisfied = true;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String method, SSLEngine engine)
        throws CertificateException {
      trust.checkServerTrusted(chain, method, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String method)
        throws CertificateException {
      trust.checkServerTrusted(chain, method);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String method, Socket socket)
        throws CertificateException {
      trust.checkClientTrusted(chain, method, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String method, SSLEngine engine)
        throws CertificateException {
      trust.checkClientTrusted(chain, method, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String method)
        throws CertificateException {
      trust.checkClientTrusted(chain, method);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return trust.getAcceptedIssuers();
    }
  }
}
