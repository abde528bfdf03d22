package dev.monarch.cli.svc;

import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How long a service may take to end. */
final class TimeoutOption {
  private static final String FLAG = "--shutdown-timeout";

  @Option(
      names = FLAG,
      paramLabel = "SHUTDOWN_TIMEOUT",
      description =
          "Seconds that the service has to end before it is killed, instead of those it was loaded"
              + " with.")
  private Optional<String> text = Optional.empty();

  OptionalLong seconds(CommandSpec command) {
    return text.map(found -> OptionalLong.of(WholeSeconds.of32(command, FLAG, found)))
        .orElseGet(OptionalLong::empty);
  }
}
