package dev.monarch.cli.svc;

import dev.monarch.cli.Surroundings;
import dev.monarch.cli.ctl.GatewayAccess;
import dev.monarch.cli.ctl.ServiceArgument;
import dev.monarch.wire.control.ControlRequest.SvcLoad;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code hab svc load}. */
@Command(
    header = "Lets a Supervisor run a service, now and whenever it is started.",
    description =
        "The package has to be installed where the Supervisor runs. Service and package have one"
            + " name, so of two packages of that name one can be loaded.")
public final class LoadCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Option(
      names = {"-f", "--force"},
      description =
          "Replace what is loaded under this name, and restart it. A service that was stopped stays"
              + " stopped.")
  private boolean force;

  @Option(
      names = "--config-from",
      paramLabel = "CONFIG_FROM",
      description =
          "A directory at the Supervisor's side whose templates replace those of the package, for"
              + " development.")
  private Optional<String> configFrom = Optional.empty();

  @Mixin private ServiceArgument service = new ServiceArgument();
  @Mixin private GatewayAccess gateway = new GatewayAccess();
  private final CommandSpec spec;
  private final SpecOptions options;

  private LoadCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.spec = CommandSpec.forAnnotatedObject(this);
    this.options = new SpecOptions(spec, SpecOptions.Saying.EVERYTHING);
    spec.mixinStandardHelpOptions(true);
  }

  /** The command with all its options. */
  public static CommandSpec spec(Surroundings surroundings) {
    return new LoadCommand(surroundings).spec;
  }

  @Override
  public Integer call() {
    var request = new SvcLoad(service.ident(), options.change(surroundings), configFrom, force);
    return ChangeCommand.run(gateway.open(spec, surroundings), request, surroundings);
  }
}
