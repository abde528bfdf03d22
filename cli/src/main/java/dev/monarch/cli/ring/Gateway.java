package dev.monarch.cli.ring;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Surroundings;
import dev.monarch.supervisor.StartException;
import dev.monarch.supervisor.http.TlsFiles;
import dev.monarch.supervisor.http.TlsFiles.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;

/** The HTTP gateway of a running Supervisor, asked for one document at a time. */
public final class Gateway {
  /** Enough for a far host, short enough that nobody believes the command hangs. */
  private static final int CONNECT_MILLIS = 5_000;

  private static final int READ_MILLIS = 10_000;

  /** A ring of 10,000 members with their services has some 20 MB; what is larger is not read. */
  private static final int BODY_BYTES_MAX = 64 * 1024 * 1024;

  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;

  private static final String SHOW_A_CERTIFICATE =
      "if it asks for a certificate, show one it trusts with --cert and --key";

  private final URI base;
  private final Optional<String> token;
  private final Optional<SSLSocketFactory> tls;

  private Gateway(URI base, Optional<String> token, Optional<SSLSocketFactory> tls) {
    this.base = base;
    this.token = token;
    this.tls = tls;
  }

  /**
   * The gateway at an address.
   *
   * @param address {@code http://host:port}, or {@code host[:port]} for short
   * @param authorities who may have signed its certificate; the JDK's own if not given
   * @param own what to show to a gateway that asks who we are
   */
  static Gateway at(
      String address,
      Optional<Path> authorities,
      Optional<Identity> own,
      Surroundings surroundings) {
    return new Gateway(
        uri(address),
        surroundings.variable("HAB_SUP_GATEWAY_AUTH_TOKEN"),
        authorities.isPresent() || own.isPresent()
            ? Optional.of(tls(authorities, own))
            : Optional.empty());
  }

  private static SSLSocketFactory tls(Optional<Path> authorities, Optional<Identity> own) {
    try {
      return TlsFiles.clientContext(authorities, own).getSocketFactory();
    } catch (StartException unusable) {
      throw new CommandFailed(String.valueOf(unusable.getMessage()));
    }
  }

  static URI uri(String address) {
    String full = address.contains("://") ? address : "http://" + address;
    try {
      URI uri = URI.create(full.endsWith("/") ? full.substring(0, full.length() - 1) : full);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http && uri.getHost() != null) {
        return uri.getPort() >= 0
            ? uri
            : URI.create(uri.getScheme() + "://" + uri.getHost() + ":9631" + uri.getRawPath());
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw new CommandFailed(
        "'%s' is no address of an HTTP gateway; expected http://HOST:PORT, such as http://127.0.0.1:9631"
            .formatted(address));
  }

  /** Fetches a document, such as {@code /butterfly}. */
  public byte[] get(String path) {
    try {
      var connection = (HttpURLConnection) URI.create(base + path).toURL().openConnection();
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(READ_MILLIS);
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      token.ifPresent(t -> connection.setRequestProperty("Authorization", "Bearer " + t));
      if (connection instanceof HttpsURLConnection https && tls.isPresent()) {
        https.setSSLSocketFactory(tls.get());
      }
      try {
        return body(connection, path);
      } finally {
        connection.disconnect();
      }
    } catch (UnknownHostException e) {
      throw new CommandFailed("Cannot find the host of %s; correct --url".formatted(base));
    } catch (SSLException e) {
      throw insecure(e, remedy(e));
    } catch (SocketTimeoutException e) {
      throw new CommandFailed(
          "The Supervisor's HTTP gateway at %s does not answer; see whether it is frozen, or a firewall is between"
              .formatted(base));
    } catch (ConnectException e) {
      throw unreachable(e);
    } catch (IOException e) {
      if (base.getScheme().equals("https")) {
        // The JDK tries again, and then tells only that it could not write.
        throw insecure(e, SHOW_A_CERTIFICATE);
      }
      throw unreachable(e);
    }
  }

  private CommandFailed insecure(IOException failure, String remedy) {
    return new CommandFailed(
        "No secure connection to %s (%s); %s".formatted(base, oneLine(failure), remedy));
  }

  private CommandFailed unreachable(IOException failure) {
    return new CommandFailed(
        "Unable to contact the Supervisor's HTTP gateway at %s (%s); start one with 'hab sup run', or name another with --url"
            .formatted(base, oneLine(failure)));
  }

  private byte[] body(HttpURLConnection connection, String path) throws IOException {
    int status = connection.getResponseCode();
    if (status != OK) {
      throw new CommandFailed(
          "The Supervisor at %s answered %d for %s; %s"
              .formatted(base, status, path, remedy(status)));
    }
    try (InputStream in = connection.getInputStream()) {
      byte[] body = in.readNBytes(BODY_BYTES_MAX + 1);
      if (body.length > BODY_BYTES_MAX) {
        throw new CommandFailed(
            "The Supervisor at %s answers %s with more than %d MiB; is this a Supervisor's HTTP gateway?"
                .formatted(base, path, BODY_BYTES_MAX >> 20));
      }
      return body;
    }
  }

  private static String remedy(SSLException failure) {
    // The other side says so in the name of its alert: bad_certificate, certificate_required ...
    return oneLine(failure).contains("Received fatal alert")
        ? SHOW_A_CERTIFICATE
        : "name the certificate that signed the gateway's with --ca-cert, or use http:// if the"
            + " gateway has no TLS";
  }

  private static String remedy(int status) {
    return switch (status) {
      case UNAUTHORIZED -> "set HAB_SUP_GATEWAY_AUTH_TOKEN to its token";
      case NOT_FOUND -> "it hides its ring (HAB_FEAT_REDACT_HTTP), or this is no Supervisor";
      default -> "expected 200: is this a Supervisor's HTTP gateway?";
    };
  }

  private static String oneLine(IOException e) {
    String text = e.getMessage();
    return text == null ? e.getClass().getSimpleName() : text.lines().findFirst().orElse("");
  }

  @Override
  public String toString() {
    return base.toString();
  }
}
