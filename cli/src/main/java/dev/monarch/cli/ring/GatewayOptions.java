package dev.monarch.cli.ring;

import dev.monarch.cli.Surroundings;
import dev.monarch.cli.UsageErrors;
import dev.monarch.supervisor.http.TlsFiles.Identity;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which Supervisor to ask. */
public final class GatewayOptions {
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

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = {
        "Show the certificate in this PEM file to a gateway that asks for one. Needs --key.",
        "Certificates that lead to its authority follow it in the file."
      })
  private Optional<Path> certificates = Optional.empty();

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "The private key of --cert, a PEM file that is not encrypted.")
  private Optional<Path> key = Optional.empty();

  /** The gateway that was named. */
  public Gateway open(CommandSpec command, Surroundings surroundings) {
    if (certificates.isPresent() != key.isPresent()) {
      throw UsageErrors.missing(command, List.of(key.isPresent() ? "--cert" : "--key"));
    }
    return Gateway.at(
        url,
        caCertificates,
        key.map(file -> new Identity(file, certificates.orElseThrow())),
        surroundings);
  }
}
