package dev.monarch.cli.svc;

import dev.monarch.cli.Surroundings;
import dev.monarch.cli.ctl.GatewayAccess;
import dev.monarch.cli.ctl.ServiceArgument;
import dev.monarch.wire.control.ControlRequest.SvcStop;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hab svc stop}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Stops a service, which stays loaded.",
    description =
        "It stays down, also when the Supervisor is started again, until it is started by hand.")
public final class StopCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by the parser
  private CommandSpec spec;

  @Mixin private ServiceArgument service = new ServiceArgument();
  @Mixin private GatewayAccess gateway = new GatewayAccess();
  @Mixin private TimeoutOption timeout = new TimeoutOption();

  public StopCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var request = new SvcStop(service.ident(), timeout.seconds(spec));
    return ChangeCommand.run(gateway.open(spec, surroundings), request, surroundings);
  }
}
