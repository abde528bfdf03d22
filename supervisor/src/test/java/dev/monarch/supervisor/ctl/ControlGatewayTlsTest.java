package dev.monarch.supervisor.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.checks.Check;
import dev.monarch.supervisor.StartException;
import dev.monarch.supervisor.config.SupervisorConfig.Tls;
import dev.monarch.supervisor.http.TlsFiles;
import dev.monarch.supervisor.http.TlsFiles.Identity;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlRequest.SvcStatus;
import dev.monarch.wire.control.ErrorCode;
import dev.monarch.wire.control.Frame;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** control.md 6. */
class ControlGatewayTlsTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final String SECRET = "AAECAwQFBgcICQoLDA0ODw==";

  /** Short enough to be waited for; whoever is as good as can be has to keep it too. */
  private static final Duration PATIENT = Duration.ofSeconds(15);

  private static final SvcStatus STATUS = new SvcStatus(Optional.empty());
  private static final String WELCOME = "80500000c00000004e65744f6b";
  private static final String OK = "80500000c00000014e65744f6b";
  private static final String OLDER = "ctl-gateway-20260101000000";
  private static final String NEWER = "ctl-gateway-20260102000000";

  @TempDir private Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();
  private ControlCommands commands = (request, client) -> new NetOk();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
  }

  private static Path file(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(ControlGatewayTlsTest.class.getResource("tls/" + name), name)
              .toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private ControlGateway gateway(Tls files, Duration greeting) throws StartException {
    ControlGateway gateway =
        ControlGateway.start(
            ANY_PORT,
            Optional.of(files),
            SECRET,
            new Patience(greeting, Duration.ofSeconds(60)),
            (request, client) -> commands.handle(request, client));
    open.add(gateway);
    return gateway;
  }

  private ControlGateway gateway(Tls files) throws StartException {
    return gateway(files, Duration.ofSeconds(60));
  }

  private ControlGateway gateway() throws StartException {
    return gateway(new Tls(file(OLDER + ".key.pem"), file(OLDER + ".crt.pem"), Optional.empty()));
  }

  private ControlGateway choosyGateway() throws StartException {
    return gateway(
        new Tls(
            file(OLDER + ".key.pem"),
            file(OLDER + ".crt.pem"),
            Optional.of(file("client.crt.pem"))));
  }

  private static Optional<Identity> identity(String name) {
    return Optional.of(new Identity(file(name + ".key.pem"), file(name + ".crt.pem")));
  }

  private Socket plain(ControlGateway gateway) throws IOException {
    Socket socket = new Socket(gateway.address().getAddress(), gateway.address().getPort());
    open.add(socket);
    return socket;
  }

  private SSLSocket greeted(
      ControlGateway gateway, String root, String name, Optional<Identity> own, String... protocols)
      throws Exception {
    SSLSocket socket =
        (SSLSocket)
            TlsFiles.clientContext(Optional.of(file(root + ".crt.pem")), own)
                .getSocketFactory()
                .createSocket(plain(gateway), name, gateway.address().getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    if (protocols.length > 0) {
      parameters.setProtocols(protocols);
    }
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(90_000);
    socket.startHandshake();
    return socket;
  }

  /** What it says to a request; an exception if it is cut off, also without a goodbye of TLS. */
  private static String answer(Socket socket) throws IOException {
    return new RawClient(socket).greet(SECRET).ask(STATUS).hearAll();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  @Check("control-41")
  void whatIsSaidInsideIsTheSameTheSecretIncluded(String protocol) throws Exception {
    ControlGateway gateway = gateway();
    for (String name : List.of("localhost", "gateway.example")) {
      assertThat(answer(greeted(gateway, OLDER, name, Optional.empty(), protocol)))
          .isEqualTo(WELCOME + OK);
    }
    SSLSocket stranger = greeted(gateway, OLDER, "localhost", Optional.empty(), protocol);
    assertThat(new RawClient(stranger).greet("another").hearReplies())
        .containsExactly(new NetErr(ErrorCode.UNAUTHORIZED, "secret key mismatch"));
  }

  @Test
  void theEndIsSaidBeforeTheConnectionIsClosed() throws Exception {
    ControlGateway gateway = gateway();
    var recorded = new ByteArrayOutputStream();
    Socket below =
        new Socket(gateway.address().getAddress(), gateway.address().getPort()) {
          @Override
          public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
              @Override
              public int read(byte[] into, int offset, int length) throws IOException {
                int count = super.read(into, offset, length);
                recorded.write(into, offset, Math.max(0, count));
                return count;
              }
            };
          }
        };
    open.add(below);
    SSLSocket socket =
        (SSLSocket)
            TlsFiles.clientContext(Optional.of(file(OLDER + ".crt.pem")), Optional.empty())
                .getSocketFactory()
                .createSocket(below, "localhost", gateway.address().getPort(), true);
    socket.setEnabledProtocols(new String[] {"TLSv1.2"});
    assertThat(answer(socket)).isEqualTo(WELCOME + OK);
    // An alert of TLS 1.2 in AES-GCM: five bytes of header, eight of nonce, two sealed with 16.
    byte[] heard = recorded.toByteArray();
    assertThat(Arrays.copyOfRange(heard, heard.length - 31, heard.length - 26))
        .isEqualTo(new byte[] {0x15, 3, 3, 0, 26});
  }

  @Test
  void olderVersionsOfTlsAreNotSpoken() {
    assertThatThrownBy(
            () -> answer(greeted(gateway(), OLDER, "localhost", Optional.empty(), "TLSv1.1")))
        .isInstanceOf(SSLException.class);
  }

  @Test
  @Check("control-42")
  void anAddressIsNoNameOfTheCertificate() throws Exception {
    ControlGateway gateway = gateway();
    assertThatThrownBy(() -> greeted(gateway, OLDER, "127.0.0.1", Optional.empty()))
        .isInstanceOf(SSLException.class);
    assertThat(answer(greeted(gateway, OLDER, "gateway.example", Optional.empty())))
        .isEqualTo(WELCOME + OK);
  }

  @Test
  @Check("control-43")
  void aClientInClearIsToldSoInClear() throws Exception {
    RawClient client = new RawClient(plain(gateway())).greet(SECRET);
    Frame notice = client.hearFrame().orElseThrow();
    assertThat(notice.transaction()).isEmpty();
    assertThat(notice.messageId()).isEqualTo("NetErr");
    assertThat(notice.body().toUtf8()).contains("TLS handshake failed, err: expected TLS");
    assertThat(notice.body().toArray()).startsWith(8, 10);
    assertThat(client.hearFrame()).isEmpty();
  }

  @Test
  void nonsenseEndsItsOwnConnectionAlone() throws Exception {
    ControlGateway gateway =
        gateway(
            new Tls(file(OLDER + ".key.pem"), file(OLDER + ".crt.pem"), Optional.empty()), PATIENT);
    List<RawClient> clients = new ArrayList<>();
    for (String hex : List.of("16", "160301", "16030100ff01", "1603010005ffffffffff")) {
      clients.add(new RawClient(plain(gateway)).send(hex));
    }
    for (RawClient client : clients) {
      String heard;
      try {
        heard = client.hearAll();
      } catch (IOException cutOff) {
        heard = "";
      }
      assertThat(heard)
          .satisfiesAnyOf(
              text -> assertThat(text).isEmpty(), text -> assertThat(text).startsWith("15"));
    }
    assertThat(answer(greeted(gateway, OLDER, "localhost", Optional.empty())))
        .isEqualTo(WELCOME + OK);
  }

  @Test
  @Check({"control-44", "supervisor-86"})
  void whereClientsIdentifyOnlyThoseWithATrustedCertificateGetIn() throws Exception {
    ControlGateway gateway = choosyGateway();
    assertThat(answer(greeted(gateway, OLDER, "localhost", identity("client"))))
        .isEqualTo(WELCOME + OK);
    for (Optional<Identity> own :
        List.of(Optional.<Identity>empty(), identity("stranger"), identity(OLDER))) {
      assertThatThrownBy(() -> answer(greeted(gateway, OLDER, "localhost", own)))
          .as("%s", own)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aCertificateThatHasEndedIsNone() throws Exception {
    ControlGateway gateway =
        gateway(
            new Tls(
                file(OLDER + ".key.pem"),
                file(OLDER + ".crt.pem"),
                Optional.of(file("expired.crt.pem"))));
    assertThatThrownBy(() -> answer(greeted(gateway, OLDER, "localhost", identity("expired"))))
        .isInstanceOf(IOException.class);
  }

  @Test
  @Check("control-45")
  void ofADirectoryTheNewestPairIsUsed() throws Exception {
    for (String name : List.of(OLDER, NEWER)) {
      for (String end : List.of(".key.pem", ".crt.pem")) {
        Files.copy(file(name + end), directory.resolve(name + end));
      }
    }
    Files.writeString(directory.resolve("ctl-gateway-29990101000000.txt"), "no pair");
    Files.createDirectories(directory.resolve("ctl-gateway-29990101000000.key.pem"));
    ControlGateway gateway = gateway(new Tls(directory, directory, Optional.of(directory)));
    assertThat(answer(greeted(gateway, NEWER, "localhost", identity(NEWER))))
        .isEqualTo(WELCOME + OK);
    assertThatThrownBy(() -> greeted(gateway, OLDER, "localhost", identity(NEWER)))
        .isInstanceOf(SSLException.class);
  }

  @Test
  @Check("control-45")
  void ofTwoKeysInAFileTheLastIsUsed() throws Exception {
    ControlGateway gateway =
        gateway(new Tls(file("two.key.pem"), file(NEWER + ".crt.pem"), Optional.empty()));
    assertThat(answer(greeted(gateway, NEWER, "localhost", Optional.empty())))
        .isEqualTo(WELCOME + OK);
  }

  @Test
  @Check("control-46")
  void whoNeverSpeaksDelaysNobodyAndIsCutOff() throws Exception {
    ControlGateway gateway =
        gateway(
            new Tls(file(OLDER + ".key.pem"), file(OLDER + ".crt.pem"), Optional.empty()), PATIENT);
    List<Socket> silent = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      silent.add(plain(gateway));
    }
    Socket half = plain(gateway);
    half.getOutputStream().write(new byte[] {0x16, 3, 1});
    assertThat(answer(greeted(gateway, OLDER, "localhost", Optional.empty())))
        .isEqualTo(WELCOME + OK);
    for (Socket socket : silent) {
      socket.setSoTimeout(90_000);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void whatIsMissingOrBelongsToAnotherKeyEndsTheStart() {
    assertThatThrownBy(() -> gateway(new Tls(directory, directory, Optional.empty())))
        .isInstanceOf(StartException.class)
        .hasMessage(
            "expected a file for TLS of the control gateway, found no %s; make a pair with 'hab"
                    .formatted(directory.resolve("ctl-gateway-*.key.pem"))
                + " sup secret generate-tls', or name another file or directory");
    assertThatThrownBy(
            () ->
                gateway(
                    new Tls(file(OLDER + ".key.pem"), file(NEWER + ".crt.pem"), Optional.empty())))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("found another key's");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void whoLeavesWhileACommandWaitsForItsSakeIsNoticed(String protocol) throws Exception {
    var asked = new CountDownLatch(1);
    var over = new CountDownLatch(1);
    commands =
        (request, client) -> {
          client.whenGone(over::countDown);
          client.accept(ConsoleLine.of("both ways at once"));
          asked.countDown();
          over.await();
          return new NetOk();
        };
    SSLSocket socket = greeted(gateway(), OLDER, "localhost", Optional.empty(), protocol);
    new RawClient(socket).greet(SECRET).ask(STATUS);
    asked.await();
    socket.close();
    assertThat(over.await(90, TimeUnit.SECONDS)).isTrue();
  }
}
