package dev.monarch.cli.svc;

import dev.monarch.cli.Surroundings;
import dev.monarch.cli.ctl.GatewayAccess;
import dev.monarch.cli.ctl.ServiceArgument;
import dev.monarch.wire.control.ControlRequest.SvcUnload;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hab svc unload}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Stops a service and takes it away from the Supervisor.",
    description = "What the service has stored stays where it is.")
public final class UnloadCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by the parser
  private CommandSpec spec;

  @Mixin private ServiceArgument service = new ServiceArgument();
  @Mixin private GatewayAccess gateway = new GatewayAccess();
  @Mixin private TimeoutOption timeout = new TimeoutOption();

  public UnloadCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var request = new SvcUnload(service.ident(), timeout.seconds(spec));
    return ChangeCommand.run(gateway.open(spec, surroundings), request, surroundings);
  }
}
