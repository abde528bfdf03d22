package dev.monarch.cli.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.cli.Typed;
import dev.monarch.wire.control.ControlCodec;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ErrorCode;
import dev.monarch.wire.control.Frame;
import dev.monarch.wire.control.Transaction;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A command and a gateway with TLS, and what is told if they do not get on. */
class GatewayTlsTest {
  @TempDir Path root;

  @BeforeEach
  void bringFiles() throws IOException, URISyntaxException {
    Path files = Path.of(Objects.requireNonNull(GatewayTlsTest.class.getResource("tls")).toURI());
    try (var all = Files.list(files)) {
      for (Path file : all.toList()) {
        Files.copy(file, root.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private void settings(String... lines) throws IOException {
    for (String directory : List.of("hab/etc", ".hab/etc")) {
      Path place = Files.createDirectories(root.resolve(directory));
      Files.writeString(
          place.resolve("cli.toml"),
          String.join("\n", lines).replace("=~/", "='" + root + "/").replace("~", "'"));
    }
  }

  private Typed.Result ask(String gateway) {
    return new Typed()
        .with("FS_ROOT", root.toString())
        .with("HOME", root.toString())
        .with("HAB_CTL_SECRET", "s")
        .hab("svc", "status", "-r", gateway);
  }

  private Path file(String name) {
    return root.resolve(name);
  }

  private TlsGateway gateway(String name) throws IOException {
    return TlsGateway.with(file(name + ".key.pem"), file(name + ".crt.pem"), Optional.empty());
  }

  private static String localhost(TlsGateway gateway) {
    return "localhost:" + gateway.port();
  }

  private static void answered(Typed.Result result) {
    assertThat(result).isEqualTo(new Typed.Result(0, "No services loaded.\n", ""));
  }

  private static void refused(Typed.Result result, String... texts) {
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains(texts).hasLineCount(3);
  }

  @Test
  void aGatewayWhoseCertificateIsNamedIsTalkedTo() throws IOException {
    settings("ctl_server_ca_certificate=~/gateway.crt.pem~");
    try (var gateway = gateway("gateway")) {
      answered(ask(localhost(gateway)));
    }
  }

  @Test
  void aGatewayOfAnAuthorityIsTalkedTo() throws IOException {
    settings("ctl_server_ca_certificate=~/ca.crt.pem~");
    try (var gateway = gateway("issued")) {
      answered(ask(localhost(gateway)));
    }
  }

  @Test
  void anAddressMayBeTheName() throws IOException {
    settings("ctl_server_ca_certificate=~/address.crt.pem~");
    try (var gateway = gateway("address")) {
      answered(ask("127.0.0.1:" + gateway.port()));
    }
  }

  @Test
  @Check("control-42")
  void anotherNameIsRefusedUnlessTheSettingsExpectIt() throws IOException {
    settings("ctl_server_ca_certificate=~/gateway.crt.pem~");
    try (var gateway = gateway("gateway")) {
      refused(
          ask("127.0.0.1:" + gateway.port()),
          "expected a certificate for 127.0.0.1",
          "found one for gateway.example, localhost",
          "ctl_server_name_indication");
    }
    settings(
        "ctl_server_ca_certificate=~/gateway.crt.pem~",
        "ctl_server_name_indication='gateway.example'");
    try (var gateway = gateway("gateway")) {
      answered(ask("127.0.0.1:" + gateway.port()));
      assertThat(gateway.namesAsked()).containsExactly("gateway.example");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "expired, valid until 2021-01-01T00:00:00Z, generate-tls",
    "early, valid from 2100-01-01T00:00:00Z, check the clocks",
  })
  void aCertificateHasItsTime(String name, String reason, String remedy) throws IOException {
    settings("ctl_server_ca_certificate=~/" + name + ".crt.pem~");
    try (var gateway = gateway(name)) {
      refused(ask(localhost(gateway)), reason, remedy);
    }
  }

  @Test
  void anotherAuthorityIsRefused() throws IOException {
    settings("ctl_server_ca_certificate=~/ca.crt.pem~");
    try (var gateway = gateway("other")) {
      refused(
          ask(localhost(gateway)),
          "ca.crt.pem vouches for",
          "issued by \"O=Habitat Supervisor Control Gateway\"",
          "ctl_server_ca_certificate");
    }
  }

  @Test
  void aGatewayThatAsksForACertificateIsShownOne() throws IOException {
    settings(
        "ctl_server_ca_certificate=~/gateway.crt.pem~",
        "ctl_client_certificate=~/client.crt.pem~",
        "ctl_client_key=~/client.key.pem~");
    try (var gateway = gatewayFor("client")) {
      answered(ask(localhost(gateway)));
    }
    try (var gateway = gatewayFor("other")) {
      refused(ask(localhost(gateway)), "to accept our certificate", "an authority that it trusts");
    }
    settings("ctl_server_ca_certificate=~/gateway.crt.pem~");
    try (var gateway = gatewayFor("client")) {
      refused(ask(localhost(gateway)), "to accept us", "ctl_client_certificate", "ctl_client_key");
    }
  }

  private TlsGateway gatewayFor(String authority) throws IOException {
    return TlsGateway.with(
        file("gateway.key.pem"),
        file("gateway.crt.pem"),
        Optional.of(file(authority + ".crt.pem")));
  }

  @Test
  void ofADirectoryTheNewestPairIsTaken() throws IOException {
    Files.copy(file("other.crt.pem"), file("ctl-gateway-20260101000000.crt.pem"));
    Files.copy(file("gateway.crt.pem"), file("ctl-gateway-20260102000000.crt.pem"));
    Files.createDirectory(file("ctl-gateway-20270102000000.crt.pem"));
    settings("ctl_server_ca_certificate=~/~");
    try (var gateway = gateway("gateway")) {
      answered(ask(localhost(gateway)));
    }
  }

  @Test
  void ofTwoKeysInAFileTheLastIsShown() throws IOException {
    Path both =
        Files.writeString(
            file("both.key.pem"),
            Files.readString(file("other.key.pem")) + Files.readString(file("client.key.pem")));
    settings(
        "ctl_server_ca_certificate=~/gateway.crt.pem~",
        "ctl_client_certificate=~/client.crt.pem~",
        "ctl_client_key='" + both + "'");
    try (var gateway = gatewayFor("client")) {
      answered(ask(localhost(gateway)));
    }
  }

  @Test
  void filesThatAreNoneAreNamed() throws IOException {
    settings("ctl_server_ca_certificate=~/none.pem~");
    refused(ask("localhost:1"), "none.pem", "ctl_server_ca_certificate");
    Files.createDirectory(file("empty"));
    settings("ctl_server_ca_certificate=~/empty~");
    refused(ask("localhost:1"), "empty/ctl-gateway-*.crt.pem", "ctl_server_ca_certificate");
    settings("ctl_server_ca_certificate=~/client.key.pem~");
    try (var gateway = gateway("gateway")) {
      refused(ask(localhost(gateway)), "client.key.pem", "no certificate");
    }
    settings(
        "ctl_server_ca_certificate=~/gateway.crt.pem~",
        "ctl_client_certificate=~/client.crt.pem~",
        "ctl_client_key=~/other.key.pem~");
    try (var gateway = gateway("gateway")) {
      refused(ask(localhost(gateway)), "to belong to the key", "other.key.pem");
    }
    settings("ctl_server_ca_certificate=7");
    refused(ask("localhost:1"), "expected a text for ctl_server_ca_certificate");
  }

  @Test
  void clearTextToAGatewayWithTlsIsTold() throws IOException {
    settings("");
    try (var gateway = gateway("gateway")) {
      refused(ask(localhost(gateway)), "found one with it", "ctl_server_ca_certificate");
    }
    Frame notice =
        new Frame(
            Optional.empty(),
            "NetErr",
            ControlCodec.frame(
                    Transaction.REQUEST,
                    new NetErr(ErrorCode.TLS_HANDSHAKE_FAILED, "TLS handshake failed, err: x"))
                .body());
    for (byte[] said : List.of(HexFormat.of().parseHex("15030300020232"), notice.encode())) {
      try (var gateway = ScriptedGateway.of(List.of(said))) {
        refused(ask(gateway.address()), "found one with it", "ctl_server_ca_certificate");
      }
    }
  }

  @Test
  void tlsToAGatewayInClearIsTold() throws IOException {
    settings("ctl_server_ca_certificate=~/gateway.crt.pem~");
    byte[] frame = ControlCodec.frame(Transaction.HANDSHAKE.lastReply(), new NetOk()).encode();
    for (List<byte[]> script : List.of(List.<byte[]>of(), List.of(frame))) {
      try (var gateway = ScriptedGateway.sayingAtOnce(script)) {
        refused(
            ask(gateway.address()),
            "expected a control gateway with TLS",
            "remove ctl_server_ca_certificate");
      }
    }
  }
}
