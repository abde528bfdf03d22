package dev.monarch.cli.ctl;

import dev.monarch.cli.Surroundings;
import dev.monarch.cli.UsageErrors;
import dev.monarch.cli.ctl.GatewayLookup.AddressException;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The option that says which Supervisor to ask; the rest is in {@link GatewayLookup}. */
public final class GatewayAccess {
  private static final String FLAG = "--remote-sup";

  @Option(
      names = {"-r", FLAG},
      paramLabel = "REMOTE_SUP",
      description = {
        "The control gateway of the Supervisor to ask, as HOST or HOST:PORT.",
        "[default: listen_ctl of cli.toml, else " + GatewayLookup.STANDARD_ADDRESS + "]"
      })
  private Optional<String> remote = Optional.empty();

  /** A client for it. Nothing is sent yet. */
  public ControlClient open(CommandSpec command, Surroundings surroundings) {
    return open(command, surroundings, remote);
  }

  /**
   * A client for a command that has its own words for the option.
   *
   * @param remote empty for the usual one
   */
  public static ControlClient open(
      CommandSpec command, Surroundings surroundings, Optional<String> remote) {
    try {
      return GatewayLookup.find(remote, surroundings);
    } catch (AddressException none) {
      throw UsageErrors.invalid(command, FLAG, none.address(), none.reason());
    }
  }
}
