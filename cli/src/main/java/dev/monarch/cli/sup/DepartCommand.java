package dev.monarch.cli.sup;

import dev.monarch.cli.Says;
import dev.monarch.cli.Says.Step;
import dev.monarch.cli.Surroundings;
import dev.monarch.cli.ctl.ConsoleText;
import dev.monarch.cli.ctl.ControlClient;
import dev.monarch.cli.ctl.GatewayAccess;
import dev.monarch.cli.ctl.Verdict;
import dev.monarch.wire.control.ControlRequest.SupDepart;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code hab sup depart}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Makes a Supervisor leave its ring for good.",
    description = {
      "Any Supervisor of the ring takes the order and passes it on. The one that is named stops its"
          + " services and ends; if it is away, it does so when it comes back. Nobody will ever be"
          + " alive again under its member id: to use its machine again, remove MEMBER_ID and data"
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
      converter = DepartureConverter.class,
      description = "The member id of the Supervisor that is to leave.")
  @SuppressWarnings("NullAway.Init") // set by the parser
  private SupDepart departure;

  @Mixin private GatewayAccess gateway = new GatewayAccess();

  public DepartCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    ControlClient supervisor = gateway.open(spec, surroundings);
    Says.begin(surroundings, "Permanently marking %s as departed".formatted(departure.memberId()));
    Says.step(surroundings, Step.APPLYING, "via peer " + supervisor);
    return Verdict.of(supervisor, departure, new ConsoleText(surroundings))
        .conclude(supervisor, "Departure recorded.", surroundings);
  }

  private static final class DepartureConverter implements ITypeConverter<SupDepart> {
    @Override
    public SupDepart convert(String memberId) {
      try {
        return new SupDepart(memberId);
      } catch (IllegalArgumentException none) {
        throw new TypeConversionException(String.valueOf(none.getMessage()));
      }
    }
  }
}
