package dev.monarch.cli.svc;

import dev.monarch.cli.Surroundings;
import dev.monarch.cli.ctl.GatewayAccess;
import dev.monarch.cli.ctl.ServiceArgument;
import dev.monarch.wire.control.ControlRequest.SvcUpdate;
import dev.monarch.wire.control.SpecChange;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code hab svc update}. */
@Command(
    header = "Changes how a loaded service is run.",
    description =
        "What is not named stays as it is. A change of group, topology, binds, binding mode, health"
            + " check interval or shutdown timeout restarts the service; other changes do not.")
public final class UpdateCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin private ServiceArgument service = new ServiceArgument();
  @Mixin private GatewayAccess gateway = new GatewayAccess();
  private final CommandSpec spec;
  private final SpecOptions options;

  private UpdateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.spec = CommandSpec.forAnnotatedObject(this);
    this.options = new SpecOptions(spec, SpecOptions.Saying.WHAT_IS_TYPED);
    spec.mixinStandardHelpOptions(true);
  }

  /** The command with all its options. */
  public static CommandSpec spec(Surroundings surroundings) {
    return new UpdateCommand(surroundings).spec;
  }

  @Override
  public Integer call() {
    SpecChange change = options.change(surroundings);
    if (change.equals(SpecChange.NONE)) {
      throw new ParameterException(
          spec.commandLine(),
          "No fields specified for update, expected one at least, such as --strategy at-once");
    }
    var request = new SvcUpdate(service.ident(), change);
    return ChangeCommand.run(gateway.open(spec, surroundings), request, surroundings);
  }
}
