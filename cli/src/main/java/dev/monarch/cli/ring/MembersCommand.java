package dev.monarch.cli.ring;

import dev.monarch.cli.Surroundings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hab ring members}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Lists the members of the ring as a running Supervisor sees them.")
public final class MembersCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by the parser
  private CommandSpec spec;

  @Mixin private GatewayOptions gateway = new GatewayOptions();

  @Option(names = "--json", description = "Print an array of objects for programs.")
  private boolean json;

  @Option(names = "--no-color", description = "Print without colours.")
  private boolean plain;

  public MembersCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Gateway supervisor = gateway.open(spec, surroundings);
    RingMembers ring = RingMembers.parse(supervisor.get("/butterfly"), supervisor.toString());
    if (json) {
      surroundings.out().println(MemberTable.json(ring));
    } else if (ring.members().isEmpty()) {
      surroundings.out().println("No members: the Supervisor at " + supervisor + " is alone.");
    } else {
      MemberTable.lines(ring, !plain && surroundings.coloured())
          .forEach(surroundings.out()::println);
    }
    return 0;
  }
}
