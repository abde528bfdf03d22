package dev.monarch.cli.sup;

import dev.monarch.cli.Says;
import dev.monarch.cli.Says.Step;
import dev.monarch.cli.Surroundings;
import dev.monarch.cli.ctl.ControlClient;
import dev.monarch.cli.ctl.GatewayAccess;
import dev.monarch.cli.ctl.Verdict;
import dev.monarch.wire.control.ControlRequest.SupDepart;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hab sup depart}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Makes a Supervisor leave its ring for good.",
    description = {
      "Any Supervisor of the ring takes the order and passes it on. The one that is named stops its"
          + " services and ends; if it is away, it does so when it comes back. Nobody will ever be"
          + " alive again under its member id: to use its machine again, remove the file MEMBER_ID"
          + " in hab/sup/default there.",
      "",
      "Member ids are in 'hab ring members'."
    })
public final class DepartCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by the parser
  private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "MEMBER_ID",
      description = "The member id of the Supervisor that is to leave.")
  @SuppressWarnings("NullAway.Init") // set by the parser
  private String memberId;

  @Mixin private GatewayAccess gateway = new GatewayAccess();

  public DepartCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    ControlClient supervisor = gateway.open(spec, surroundings);
    Says.begin(surroundings, "Permanently marking %s as departed".formatted(memberId));
    Says.step(surroundings, Step.APPLYING, "via peer " + supervisor);
    return Verdict.of(supervisor, new SupDepart(memberId), surroundings.out()::println)
        .conclude(supervisor, "Departure recorded.", surroundings);
  }
}
