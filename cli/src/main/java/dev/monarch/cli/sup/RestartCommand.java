package dev.monarch.cli.sup;

import dev.monarch.cli.Says;
import dev.monarch.cli.Surroundings;
import dev.monarch.cli.ctl.ConsoleText;
import dev.monarch.cli.ctl.ControlClient;
import dev.monarch.cli.ctl.GatewayAccess;
import dev.monarch.cli.ctl.Verdict;
import dev.monarch.wire.control.ControlRequest.SupRestart;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hab sup restart}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Restarts a Supervisor while its services go on.",
    description =
        "Its Launcher starts the next Supervisor as soon as this one has ended, and that one takes"
            + " over the services that run.")
public final class RestartCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by the parser
  private CommandSpec spec;

  @Mixin private GatewayAccess gateway = new GatewayAccess();

  public RestartCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    ControlClient supervisor = gateway.open(spec, surroundings);
    Says.begin(surroundings, "Restarting supervisor " + supervisor);
    Verdict verdict = Verdict.of(supervisor, new SupRestart(), new ConsoleText(surroundings));
    // An original hangs up and says nothing (control.md 7.10).
    Verdict heard = verdict instanceof Verdict.Silent ? new Verdict.Granted() : verdict;
    return heard.conclude(supervisor, "Restart recorded.", surroundings);
  }
}
