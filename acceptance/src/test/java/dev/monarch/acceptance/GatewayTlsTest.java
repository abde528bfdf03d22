package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A gateway that serves TLS and asks its clients who they are. */
class GatewayTlsTest {
  private static final Path FILES =
      Path.of("../supervisor/src/test/resources/dev/monarch/supervisor/http/tls").toAbsolutePath();

  @RegisterExtension final Stage stage = new Stage();

  /** On a machine of its own, as the certificate is for 127.0.0.1. */
  @Test
  void theCommandsShowTheirCertificateAndAreTrusted() {
    Supervisor supervisor =
        stage
            .ours("private", stage.network(1).host(1))
            .with("--key", file("ec-sec1.key"), "--certs", file("ec.pem"))
            .with("--ca-certs", file("ca.pem"))
            .launch();
    List<String> known =
        List.of("--ca-cert", file("ca.pem"), "--cert", file("client.pem"), "--key");
    Waiting.until(
        "the gateway answers who is known to it",
        Supervisor.UP_WITHIN,
        () -> {
          Command.Ending members = ask(supervisor, "members", known, file("client.key"));
          return new Waiting.Look(
              members.exit() == 0 && members.output().contains("alone"), members.output());
        });

    Command.Ending unknown = ask(supervisor, "members", List.of(), "--ca-cert", file("ca.pem"));
    assertThat(unknown.exit()).as(unknown.output()).isEqualTo(1);
    assertThat(unknown.output()).contains("--cert and --key").hasLineCount(3);
    Command.Ending stranger =
        ask(
            supervisor,
            "watch",
            List.of("--ca-cert", file("ca.pem"), "--cert", file("stranger.pem"), "--key"),
            file("stranger.key"));
    assertThat(stranger.exit()).as(stranger.output()).isEqualTo(1);
    assertThat(stranger.output()).contains("--cert and --key");
    Command.Ending trustless = ask(supervisor, "members", List.of());
    assertThat(trustless.exit()).as(trustless.output()).isEqualTo(1);
    assertThat(trustless.output()).contains("with --ca-cert");
    Command.Ending mixedUp = ask(supervisor, "members", known, file("stranger.key"));
    assertThat(mixedUp.exit()).as(mixedUp.output()).isEqualTo(1);
    assertThat(mixedUp.output()).contains("client.pem").contains("belong").contains("stranger.key");
  }

  private static Command.Ending ask(
      Supervisor supervisor, String command, List<String> options, String... more) {
    List<String> words = new ArrayList<>(List.of("ring", command));
    words.addAll(List.of("--url", "https://127.0.0.1:9631"));
    words.addAll(options);
    words.addAll(List.of(more));
    return supervisor.hab(words.toArray(String[]::new));
  }

  private static String file(String name) {
    return FILES.resolve(name).toString();
  }
}
