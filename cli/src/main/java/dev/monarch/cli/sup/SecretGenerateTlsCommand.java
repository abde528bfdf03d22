package dev.monarch.cli.sup;

import dev.monarch.cli.CommandFailed;
import dev.monarch.supervisor.ctl.GatewayCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hab sup secret generate-tls}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Makes a key and a certificate for TLS on the control gateway.",
    description = {
      "Two files are written, ctl-gateway-TIME.key.pem and ctl-gateway-TIME.crt.pem. Start the"
          + " Supervisor with --ctl-server-key and --ctl-server-certificate; give the certificate"
          + " to clients, as ctl_server_ca_certificate of cli.toml."
    })
public final class SecretGenerateTlsCommand implements Callable<Integer> {
  @Option(
      names = "--subject-alternative-name",
      required = true,
      paramLabel = "SUBJECT_ALTERNATIVE_NAME",
      description = "The DNS name by which clients ask for the gateway, besides localhost.")
  private String dnsName = "";

  @Parameters(
      arity = "0..1",
      paramLabel = "path",
      description = {"The directory for both files.", "[default: /hab/cache/keys/ctl]"})
  private Path directory = GatewayCertificate.STANDARD_DIRECTORY;

  @Override
  public Integer call() {
    try {
      GatewayCertificate.generate(directory, dnsName, Instant.now());
      return 0;
    } catch (IllegalArgumentException | IOException refused) {
      throw new CommandFailed(String.valueOf(refused.getMessage()));
    }
  }
}
