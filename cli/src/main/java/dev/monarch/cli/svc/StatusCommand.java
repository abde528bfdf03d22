package dev.monarch.cli.svc;

import dev.monarch.cli.Surroundings;
import dev.monarch.cli.ctl.GatewayAccess;
import dev.monarch.cli.ctl.IdentConverter;
import dev.monarch.wire.control.Ident;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hab svc status}, and {@code hab sup status}, which is the same. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Shows the loaded services of a Supervisor.",
    description = {
      "Exit codes: 0 it was told, 2 the service is not loaded, 3 there is no Supervisor, 1 anything"
          + " else."
    })
public final class StatusCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by the parser
  private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PKG_IDENT",
      converter = IdentConverter.class,
      description = "The package of one service; all of them if it is left out.")
  private Optional<Ident> ident = Optional.empty();

  @Mixin private GatewayAccess gateway = new GatewayAccess();

  @Option(names = "--json", description = "Print an array of objects for programs.")
  private boolean json;

  public StatusCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return StatusReport.run(gateway.open(spec, surroundings), ident, json, surroundings);
  }
}
