package dev.monarch.cli.ctl;

import dev.monarch.cli.CommandFailed;
import dev.monarch.supervisor.StartException;
import dev.monarch.supervisor.ctl.TlsMaterial;
import dev.monarch.supervisor.http.TlsFiles;
import dev.monarch.supervisor.http.TlsFiles.Identity;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * TLS towards a control gateway, as {@code cli.toml} has it (control.md 6.2 to 6.5): an authority
 * for the gateway's certificate switches it on, a key with its certificates is shown to a gateway
 * that asks for one, and a name may stand in for the host that was typed.
 *
 * <p>Every failure is one line with its cause and what to do; the exit code is that of any other
 * failure.
 */
final class GatewayTls {
  static final String AUTHORITY = "ctl_server_ca_certificate";
  static final String KEY = "ctl_client_key";
  static final String CERTIFICATE = "ctl_client_certificate";
  static final String NAME = "ctl_server_name_indication";

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final CommandSettings settings;
  private final Path authority;
  private final Optional<Identity> own;
  private final Optional<String> name;

  private GatewayTls(
      CommandSettings settings, Path authority, Optional<Identity> own, Optional<String> name) {
    this.settings = settings;
    this.authority = authority;
    this.own = own;
    this.name = name;
  }

  /** Empty if the gateway is to be spoken to in clear. */
  static Optional<GatewayTls> of(CommandSettings settings) {
    return settings
        .text(AUTHORITY)
        .map(
            authority ->
                new GatewayTls(
                    settings,
                    settings.tlsFile(AUTHORITY, authority, TlsMaterial.CERTIFICATES),
                    own(settings),
                    settings.text(NAME)));
  }

  /** A key without its certificate cannot be shown to anybody. */
  private static Optional<Identity> own(CommandSettings settings) {
    Optional<String> key = settings.text(KEY);
    Optional<String> certificate = settings.text(CERTIFICATE);
    if (key.isEmpty() || certificate.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Identity(
            settings.tlsFile(KEY, key.get(), TlsMaterial.KEY),
            settings.tlsFile(CERTIFICATE, certificate.get(), TlsMaterial.CERTIFICATES)));
  }

  /**
   * The same connection, encrypted, once the gateway has shown that it is the right one. The socket
   * keeps its time limit.
   *
   * @param host as typed
   * @throws CommandFailed if it is another one, or none with TLS
   */
  Socket secure(Socket plain, String host, int port) throws IOException {
    String expected = name.orElse(host);
    String gateway = host + ":" + port;
    var trust = new GatewayTrust();
    SSLSocket socket =
        (SSLSocket) context(trust).getSocketFactory().createSocket(plain, expected, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setServerNames(announced(expected));
    socket.setSSLParameters(parameters);
    try {
      socket.startHandshake();
      return socket;
    } catch (SocketTimeoutException silence) {
      throw new CommandFailed(noTls(gateway, "no answer to our greeting"));
    } catch (IOException failure) {
      throw new CommandFailed(
          trust
              .refusal()
              .map(refusal -> text(refusal, gateway, expected))
              .orElseGet(() -> text(failure, trust.isSatisfied(), gateway)));
    }
  }

  private SSLContext context(GatewayTrust trust) {
    try {
      return TlsFiles.controlClientContext(authority, own, trust::judging);
    } catch (StartException unusable) {
      throw new CommandFailed(String.valueOf(unusable.getMessage()));
    }
  }

  /** An address is no name that could be announced (RFC 6066, section 3). */
  private static List<SNIServerName> announced(String name) {
    return name.matches("[0-9.]+") ? List.of() : List.of(new SNIHostName(name));
  }

  private String text(GatewayTrust.Refusal refusal, String gateway, String expected) {
    return switch (refusal) {
      case GatewayTrust.Expired(String when) ->
          "expected a valid certificate of the control gateway at %s, found one that was valid until %s; make a new pair there with 'hab sup secret generate-tls', and check the clocks"
              .formatted(gateway, when);
      case GatewayTrust.NotYetValid(String when) ->
          "expected a valid certificate of the control gateway at %s, found one that is valid from %s; check the clocks of both machines"
              .formatted(gateway, when);
      case GatewayTrust.AnotherAuthority(String issuer) ->
          "expected a certificate of the control gateway at %s that %s vouches for, found one issued by %s; name its certificate as %s in %s, or check the address"
              .formatted(gateway, authority, issuer, AUTHORITY, settings);
      case GatewayTrust.AnotherName(List<String> names) ->
          "expected a certificate for %s from the control gateway at %s, found one for %s; use that name as address, or set %s to it in %s"
              .formatted(
                  expected,
                  gateway,
                  names.isEmpty() ? "nobody" : String.join(", ", names),
                  NAME,
                  settings);
    };
  }

  /** A gateway that has shown its certificate, or says why not, has TLS. */
  private String text(IOException failure, boolean shown, String gateway) {
    return shown || reason(failure).contains("Received fatal alert")
        ? rejected(failure, gateway)
        : noTls(gateway, reason(failure));
  }

  /** For a gateway that hangs up instead of greeting: it wants another certificate, or any. */
  String rejected(IOException failure, String gateway) {
    return own.isPresent()
        ? "expected the control gateway at %s to accept our certificate, found: %s; name one of an authority that it trusts as %s in %s, with its %s"
            .formatted(gateway, reason(failure), CERTIFICATE, settings, KEY)
        : "expected the control gateway at %s to accept us, found: %s; if it asks for a certificate, name one as %s in %s, with its %s"
            .formatted(gateway, reason(failure), CERTIFICATE, settings, KEY);
  }

  private static String reason(IOException failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  private String noTls(String gateway, String found) {
    return "expected a control gateway with TLS at %s, found: %s; if it has none, remove %s from %s, or give it a key with --ctl-server-key"
        .formatted(gateway, found, AUTHORITY, settings);
  }
}
