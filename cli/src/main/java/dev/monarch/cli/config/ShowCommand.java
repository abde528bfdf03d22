package dev.monarch.cli.config;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Says;
import dev.monarch.cli.Surroundings;
import dev.monarch.cli.ctl.ControlClient;
import dev.monarch.cli.ctl.GatewayAccess;
import dev.monarch.cli.ctl.ServiceArgument;
import dev.monarch.cli.ctl.SupervisorUnreachable;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlReply.NetProgress;
import dev.monarch.wire.control.ControlReply.ServiceCfg;
import dev.monarch.wire.control.ControlReply.ServiceStatus;
import dev.monarch.wire.control.ControlRequest.SvcGetDefaultCfg;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code hab config show}. The original decodes the answer and prints nothing; we print it, as it
 * is documented (control.md 11.7).
 */
@Command(
    mixinStandardHelpOptions = true,
    header = "Prints the default configuration of a running service.",
    description =
        "It is the one that the service's package came with, in TOML: all that 'hab config apply'"
            + " can change.")
public final class ShowCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by the parser
  private CommandSpec spec;

  @Mixin private ServiceArgument service = new ServiceArgument();
  @Mixin private GatewayAccess gateway = new GatewayAccess();

  public ShowCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    ControlClient supervisor = gateway.open(spec, surroundings);
    List<ControlReply> replies = new ArrayList<>();
    try {
      supervisor.ask(new SvcGetDefaultCfg(service.ident()), replies::add);
    } catch (SupervisorUnreachable nobody) {
      throw new CommandFailed(nobody.text());
    }
    if (replies.isEmpty()) {
      throw new CommandFailed(
          "unexpected end of file: expected a configuration from the Supervisor at %s, found the end of the connection; look at its output"
              .formatted(supervisor));
    }
    return switch (replies.getLast()) {
      case ServiceCfg configuration -> {
        print(configuration);
        yield 0;
      }
      case NetErr refusal -> Says.failure(surroundings, ControlClient.text(refusal));
      case NetOk _, ConsoleLine _, NetProgress _, ServiceStatus _ ->
          throw new CommandFailed(
              "Unexpected reply: expected a configuration from the Supervisor at %s, found %s; use a command of the same version as the Supervisor"
                  .formatted(supervisor, replies.getLast().getClass().getSimpleName()));
    };
  }

  private void print(ServiceCfg configuration) {
    if (configuration.text().isPresent()) {
      surroundings.out().println(configuration.text().get().strip());
    } else {
      surroundings.err().println("The package of " + service.ident() + " has no default.toml.");
    }
  }
}
