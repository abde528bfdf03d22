package dev.monarch.supervisor.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.checks.Check;
import dev.monarch.supervisor.config.SupervisorConfig.Tls;
import dev.monarch.supervisor.http.TlsFiles;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlRequest.SvcStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayCertificateTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final String SECRET = "secret";

  @TempDir private Path directory;

  @Test
  void theFilesAreNamedByTheTimeAndTheKeyIsItsOwnersAlone() throws Exception {
    Path missing = directory.resolve("cache/keys/ctl");

    GatewayCertificate made = GatewayCertificate.generate(missing, "gateway.example", NOW);

    assertThat(made.certificate()).isEqualTo(missing.resolve("ctl-gateway-20260102030405.crt.pem"));
    assertThat(made.key()).isEqualTo(missing.resolve("ctl-gateway-20260102030405.key.pem"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.key())))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> GatewayCertificate.generate(missing, "gateway.example", NOW))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("within this second");
  }

  @Test
  @Check({"control-41", "control-42"})
  void whoIsGivenTheCertificateReachesTheGatewayByItsNamesAndByNoOther() throws Exception {
    GatewayCertificate made = GatewayCertificate.generate(directory, "gateway.example", NOW);
    try (ControlGateway gateway =
        ControlGateway.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Optional.of(new Tls(made.key(), made.certificate(), Optional.empty())),
            SECRET,
            Patience.STANDARD,
            (request, partial) -> new NetOk())) {

      for (String name : new String[] {"gateway.example", "localhost"}) {
        try (SSLSocket socket = connect(gateway, made, name)) {
          socket.startHandshake();
          assertThat(
                  new RawClient(socket)
                      .greet(SECRET)
                      .ask(new SvcStatus(Optional.empty()))
                      .hearReplies())
              .containsExactly(new NetOk(), new NetOk());
        }
      }
      try (SSLSocket socket = connect(gateway, made, "127.0.0.1")) {
        assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
      }
    }
  }

  private static SSLSocket connect(ControlGateway gateway, GatewayCertificate made, String name)
      throws Exception {
    InetSocketAddress at = gateway.address();
    SSLSocket socket =
        (SSLSocket)
            TlsFiles.clientContext(Optional.of(made.certificate()), Optional.empty())
                .getSocketFactory()
                .createSocket(new Socket(at.getAddress(), at.getPort()), name, at.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    return socket;
  }
}
