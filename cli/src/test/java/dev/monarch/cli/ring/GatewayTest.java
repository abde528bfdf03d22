package dev.monarch.cli.ring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Typed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatewayTest {
  private static final String BUTTERFLY =
      "{\"membership\":{\"aa\":{\"address\":\"127.0.0.9\",\"gossip_port\":9638,\"incarnation\":5,\"persistent\":true,\"swim_port\":9638,\"health\":\"Alive\"}}}";

  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/butterfly",
        exchange -> {
          boolean known =
              "Bearer s3cret".equals(exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] body = known ? BUTTERFLY.getBytes(UTF_8) : new byte[0];
          exchange.sendResponseHeaders(known ? 200 : 401, known ? body.length : -1);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private Typed typed() {
    return new Typed().with("HAB_SUP_GATEWAY_AUTH_TOKEN", "s3cret");
  }

  @Test
  void membersAreAskedForWithTheToken() {
    Typed.Result table = typed().hab("ring", "members", "--url", url());
    assertThat(table.err()).isEmpty();
    assertThat(table.exit()).isZero();
    assertThat(table.out().lines()).hasSize(2);
    assertThat(table.out()).contains("127.0.0.9:9638  alive").doesNotContain("\u001b");

    Typed.Result json = typed().hab("ring", "members", "-r", url() + "/", "--json");
    assertThat(json.out()).startsWith("[{\"id\":\"aa\"");
  }

  @Test
  void aTerminalGetsColoursUnlessItWantsNone() {
    assertThat(typed().onTerminal().hab("ring", "members", "-r", url()).out())
        .contains("\u001b[32m");
    assertThat(typed().onTerminal().hab("ring", "members", "-r", url(), "--no-color").out())
        .doesNotContain("\u001b");
  }

  @Test
  void aRefusalNamesTheVariableToSet() {
    Typed.Result result = new Typed().hab("ring", "members", "-r", url());
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("401").contains("HAB_SUP_GATEWAY_AUTH_TOKEN").contains(url());
  }

  @Test
  void nobodyThereIsALineWithAddressAndRemedy() throws IOException {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    for (String command : List.of("members", "watch")) {
      Typed.Result result = typed().hab("ring", command, "-r", "127.0.0.1:" + port);
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.out()).isEmpty();
      assertThat(result.err())
          .contains("http://127.0.0.1:" + port)
          .contains("Connection refused")
          .contains("hab sup run");
      assertThat(result.err().lines()).hasSize(3);
    }
  }

  @Test
  void aCertificateAndItsKeyBelongTogether() {
    Typed.Result keyless = typed().hab("ring", "members", "-r", url(), "--cert", "own.pem");
    assertThat(keyless.exit()).isEqualTo(2);
    assertThat(keyless.err()).contains("required arguments were not provided:\n  --key <FILE>");
    Typed.Result nameless = typed().hab("ring", "watch", "-r", url(), "--key", "own.key");
    assertThat(nameless.exit()).isEqualTo(2);
    assertThat(nameless.err()).contains("required arguments were not provided:\n  --cert <FILE>");
  }

  @Test
  void aTlsFileThatIsMissingIsNamed() {
    Typed.Result result =
        typed().hab("ring", "members", "-r", url(), "--ca-cert", "/nowhere/ca.pem");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("/nowhere/ca.pem").contains("no such file");
    assertThat(result.err().lines()).hasSize(3);
  }

  @Test
  void addressesMayBeShort() {
    assertThat(Gateway.uri("host")).hasToString("http://host:9631");
    assertThat(Gateway.uri("host:1234")).hasToString("http://host:1234");
    assertThat(Gateway.uri("https://host/")).hasToString("https://host:9631");
  }

  @Test
  void whatIsNoAddressIsToldSo() {
    for (String text : List.of("", "http://", "ftp://host", "a b", "http://h:x")) {
      assertThatThrownBy(() -> Gateway.uri(text))
          .as(text)
          .isInstanceOf(CommandFailed.class)
          .hasMessageContaining("expected http://HOST:PORT");
    }
  }
}
