package dev.monarch.cli.svc;

import dev.monarch.cli.Surroundings;
import dev.monarch.cli.ctl.GatewayAccess;
import dev.monarch.cli.ctl.ServiceArgument;
import dev.monarch.wire.control.ControlRequest.SvcStart;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hab svc start}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Starts a loaded service that was stopped.",
    description = "The Supervisor starts it soon after it has answered.")
public final class StartCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by the parser
  private CommandSpec spec;

  @Mixin private ServiceArgument service = new ServiceArgument();
  @Mixin private GatewayAccess gateway = new GatewayAccess();

  public StartCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var request = new SvcStart(service.ident());
    return ChangeCommand.run(gateway.open(spec, surroundings), request, surroundings);
  }
}
