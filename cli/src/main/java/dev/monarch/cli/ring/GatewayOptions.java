package dev.monarch.cli.ring;

import dev.monarch.cli.Surroundings;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which Supervisor to ask. */
final class GatewayOptions {
  @Option(
      names = {"-r", "--url"},
      paramLabel = "URL",
      description = {
        "The HTTP gateway of a Supervisor of the ring. [default: http://127.0.0.1:9631]",
        "If it wants a token, set HAB_SUP_GATEWAY_AUTH_TOKEN."
      })
  private String url = "http://127.0.0.1:9631";

  @Option(
      names = "--ca-cert",
      paramLabel = "FILE",
      description = "Trust a gateway whose certificate was signed by one in this PEM file.")
  private Optional<Path> caCertificates = Optional.empty();

  Gateway open(Surroundings surroundings) {
    return Gateway.at(url, caCertificates, surroundings);
  }
}
