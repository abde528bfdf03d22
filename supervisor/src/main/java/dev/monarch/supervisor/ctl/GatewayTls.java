package dev.monarch.supervisor.ctl;

import dev.monarch.supervisor.StartException;
import dev.monarch.supervisor.config.SupervisorConfig.Tls;
import dev.monarch.supervisor.http.TlsFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * The gateway's side of TLS (control.md 6.5): the two newest versions of it, and a certificate of
 * each client if there are authorities for it. What is said inside is the same as in clear, the
 * secret included.
 */
final class GatewayTls {
  /** With this byte begins everything a client says first in TLS, and no frame of any client. */
  static final int FIRST_BYTE = 0x16;

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final SSLContext context;
  private final boolean clientsIdentify;

  private GatewayTls(SSLContext context, boolean clientsIdentify) {
    this.context = context;
    this.clientsIdentify = clientsIdentify;
  }

  /**
   * Reads the files.
   *
   * @param places each a file, or a directory whose newest pair is meant
   * @throws StartException if one of them is missing or no good
   */
  static GatewayTls of(Tls places) throws StartException {
    Optional<Path> authorities = places.clientAuthorities();
    if (authorities.isPresent()) {
      authorities = Optional.of(newest(TlsMaterial.CERTIFICATES, authorities.get()));
    }
    return new GatewayTls(
        TlsFiles.controlContext(
            new Tls(
                newest(TlsMaterial.KEY, places.key()),
                newest(TlsMaterial.CERTIFICATES, places.certificates()),
                authorities)),
        authorities.isPresent());
  }

  private static Path newest(TlsMaterial material, Path place) throws StartException {
    try {
      return material.in(place);
    } catch (NoSuchFileException missing) {
      throw new StartException(
          "expected a file for TLS of the control gateway, found no %s; make a pair with 'hab sup secret generate-tls', or name another file or directory"
              .formatted(missing.getMessage()),
          missing);
    } catch (IOException unreadable) {
      throw new StartException(
          "expected to look into %s for TLS of the control gateway, found: %s; check who owns it"
              .formatted(place, unreadable.getClass().getSimpleName()),
          unreadable);
    }
  }

  /**
   * Greets a client whose first byte was read.
   *
   * @return what to talk through; it closes with the socket below
   * @throws IOException if the client says nonsense, leaves, or shows no certificate that we trust
   */
  SSLSocket secure(Socket below) throws IOException {
    byte[] read = {FIRST_BYTE};
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(below, new ByteArrayInputStream(read), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setNeedClientAuth(clientsIdentify);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }
}
