package dev.monarch.cli.svc;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Surroundings;
import dev.monarch.cli.UsageErrors;
import dev.monarch.cli.ctl.ConsoleText;
import dev.monarch.cli.ctl.ControlClient;
import dev.monarch.cli.ctl.GatewayAccess;
import dev.monarch.cli.ctl.GroupConverter;
import dev.monarch.cli.ctl.Verdict;
import dev.monarch.cli.ring.Gateway;
import dev.monarch.cli.ring.GatewayOptions;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.ControlRequest.SvcStepDown;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hab svc leader}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Tells who leads a service group and why, or why nobody does.",
    description = {
      "Asks the HTTP gateway of any Supervisor of the ring. Ends with 0 if somebody leads, with 3"
          + " if nobody does.",
      "",
      "--step-down makes the leader hand over to another member. It goes to the control gateway of"
          + " the leader's own Supervisor (--remote-sup)."
    })
public final class LeaderCommand implements Callable<Integer> {
  private static final int EXIT_NOBODY_LEADS = 3;
  private static final long LOOK_MILLIS = 1_000;

  private final Surroundings surroundings;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by the parser
  private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "SERVICE_GROUP",
      converter = GroupConverter.class,
      description = "The service group, such as redis.default.")
  @SuppressWarnings("NullAway.Init") // set by the parser
  private ServiceGroup group;

  @Mixin private GatewayOptions http = new GatewayOptions();

  @Option(names = "--json", description = "Print an object for programs.")
  private boolean json;

  @Option(
      names = "--watch",
      description = "Print a line at each change, until Ctrl-C or until nobody reads it.")
  private boolean watch;

  @Option(names = "--step-down", description = "Make the leader hand over to another member.")
  private boolean stepDown;

  @Option(
      names = "--remote-sup",
      paramLabel = "REMOTE_SUP",
      description = {
        "With --step-down: the control gateway of the leader's Supervisor, as HOST or HOST:PORT.",
        "[default: listen_ctl of cli.toml, else 127.0.0.1:9632]"
      })
  private Optional<String> remote = Optional.empty();

  public LeaderCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (stepDown) {
      if (watch || json) {
        throw UsageErrors.conflict(spec, "--step-down", watch ? "--watch" : "--json");
      }
      ControlClient supervisor = GatewayAccess.open(spec, surroundings, remote);
      return Verdict.of(supervisor, new SvcStepDown(group), new ConsoleText(surroundings))
          .conclude(supervisor, "The lead of " + group.text() + " is handed over.", surroundings);
    }
    Gateway supervisor = http.open(spec, surroundings);
    return watch ? watch(supervisor) : show(look(supervisor));
  }

  private Leadership look(Gateway supervisor) {
    return Leadership.parse(supervisor.get("/census"), group.text(), supervisor.toString());
  }

  private int show(Leadership leadership) {
    if (json) {
      surroundings.out().println(leadership.json());
    } else {
      leadership.lines(group.text()).forEach(surroundings.out()::println);
    }
    return leadership.leaderId().isPresent() ? 0 : EXIT_NOBODY_LEADS;
  }

  /** A Supervisor that does not answer is told once, and asked on. */
  private int watch(Gateway supervisor) throws InterruptedException {
    String last = "";
    while (!surroundings.out().checkError()) {
      String now;
      String shown;
      try {
        Leadership leadership = look(supervisor);
        now = leadership.explanation();
        shown = json ? leadership.json() : leadership.headline(group.text());
      } catch (CommandFailed silent) {
        if (last.isEmpty()) {
          throw silent;
        }
        now = silent.text();
        shown = now;
      }
      if (!now.equals(last)) {
        surroundings
            .out()
            .println(json ? shown : Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + shown);
        last = now;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    return 0;
  }
}
