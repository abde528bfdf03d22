package dev.monarch.cli.svc;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Says;
import dev.monarch.cli.Surroundings;
import dev.monarch.cli.ctl.ControlClient;
import dev.monarch.cli.ctl.GatewayAccess;
import dev.monarch.cli.ctl.IdentConverter;
import dev.monarch.cli.ctl.SupervisorUnreachable;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlReply.ServiceStatus;
import dev.monarch.wire.control.ControlRequest.SvcStatus;
import dev.monarch.wire.control.ErrorCode;
import dev.monarch.wire.control.Ident;
import java.util.ArrayList;
import java.util.List;
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
  /** As the original documents them; it ends with 1 in both cases (supervisor.md 14.2, row 20). */
  private static final int EXIT_NOT_LOADED = 2;

  private static final int EXIT_NO_SUPERVISOR = 3;

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
    ControlClient supervisor = gateway.open(spec, surroundings);
    List<ControlReply> replies = new ArrayList<>();
    try {
      supervisor.ask(new SvcStatus(ident), replies::add);
    } catch (SupervisorUnreachable nobody) {
      Says.failure(surroundings, nobody.text());
      return EXIT_NO_SUPERVISOR;
    }
    if (replies.isEmpty()) {
      throw new CommandFailed(
          "unexpected end of file: expected services from the Supervisor at %s, found the end of the connection; look at its output"
              .formatted(supervisor));
    }
    return show(replies);
  }

  private int show(List<ControlReply> replies) {
    List<ServiceStatus> services = new ArrayList<>();
    for (ControlReply reply : replies) {
      switch (reply) {
        case ServiceStatus status -> services.add(status);
        case NetErr refusal -> {
          int exit = Says.failure(surroundings, ControlClient.text(refusal));
          return refusal.code() == ErrorCode.NOT_FOUND ? EXIT_NOT_LOADED : exit;
        }
        case NetOk _,
            ControlReply.ConsoleLine _,
            ControlReply.NetProgress _,
            ControlReply.ServiceCfg _ -> {}
      }
    }
    if (json) {
      surroundings.out().println(StatusTable.json(services));
    } else if (services.isEmpty()) {
      surroundings.out().println("No services loaded.");
    } else {
      StatusTable.lines(services).forEach(surroundings.out()::println);
    }
    return 0;
  }
}
