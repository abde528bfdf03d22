package dev.monarch.cli.ring;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Screen;
import dev.monarch.cli.Surroundings;
import dev.monarch.cli.UsageErrors;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code hab ring watch}: a table that redraws itself on a terminal, lines of changes in a pipe.
 */
@Command(
    mixinStandardHelpOptions = true,
    header = "Watches the members of the ring as a running Supervisor sees them.",
    description = "Ends on Ctrl-C, or when the reader of its output goes away.")
public final class WatchCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final int MILLIS_A_SECOND = 1000;

  /** The last changes stay below the table. */
  private static final int CHANGES_SHOWN_MAX = 10;

  private final Surroundings surroundings;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by the parser
  private CommandSpec spec;

  @Mixin private GatewayOptions gateway = new GatewayOptions();

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      description = "Seconds between two looks, fractions allowed. [default: 1]")
  private double intervalSeconds = 1;

  @Option(names = "--no-color", description = "Print without colours.")
  private boolean plain;

  public WatchCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (!(intervalSeconds >= 0.1 && intervalSeconds <= 3600)) {
      throw UsageErrors.invalid(
          spec, "--interval", "" + intervalSeconds, "expected 0.1 to 3600 seconds");
    }
    Gateway supervisor = gateway.open(spec, surroundings);
    RingMembers first = look(supervisor);
    if (!surroundings.shown() || surroundings.isDumb()) {
      return printChanges(supervisor, first);
    }
    return drawTable(supervisor, first);
  }

  private static RingMembers look(Gateway supervisor) {
    return RingMembers.parse(supervisor.get("/butterfly"), supervisor.toString());
  }

  private void pause() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(Math.round(intervalSeconds * MILLIS_A_SECOND));
  }

  private int printChanges(Gateway supervisor, RingMembers first) throws InterruptedException {
    Seen seen = new Seen(new RingMembers(List.of()));
    print(seen.next(first));
    // A reader that went away is no failure: it has seen enough.
    while (!surroundings.out().checkError()) {
      pause();
      print(seen.look(supervisor));
    }
    return 0;
  }

  private void print(List<String> changes) {
    String now = TIME.format(LocalTime.now(ZoneId.systemDefault()));
    changes.forEach(change -> surroundings.out().println(now + " " + change));
  }

  private int drawTable(Gateway supervisor, RingMembers first) throws InterruptedException {
    boolean coloured = !plain && surroundings.coloured();
    Seen seen = new Seen(first);
    List<String> changes = new ArrayList<>();
    try (Screen screen = Screen.open(surroundings)) {
      while (true) {
        List<String> lines = new ArrayList<>();
        lines.add(
            "%s  %s  %s"
                .formatted(
                    supervisor,
                    MemberTable.summary(seen.ring()),
                    TIME.format(LocalTime.now(ZoneId.systemDefault()))));
        lines.add(seen.silence().orElse(""));
        lines.addAll(MemberTable.lines(seen.ring(), coloured));
        lines.add("");
        lines.addAll(
            changes.subList(Math.max(0, changes.size() - CHANGES_SHOWN_MAX), changes.size()));
        lines.add("");
        lines.add("Ctrl-C ends");
        screen.draw(lines);
        pause();
        String now = TIME.format(LocalTime.now(ZoneId.systemDefault()));
        seen.look(supervisor).forEach(change -> changes.add(now + " " + change));
      }
    }
  }

  /** What was seen last, and what is different now. */
  static final class Seen {
    private RingMembers ring;
    private Optional<String> silence = Optional.empty();

    Seen(RingMembers ring) {
      this.ring = ring;
    }

    RingMembers ring() {
      return ring;
    }

    /** Why the Supervisor could not be asked last time. */
    Optional<String> silence() {
      return silence;
    }

    /** Asks again; a Supervisor that does not answer is told once, and asked on. */
    List<String> look(Gateway supervisor) {
      List<String> changes = new ArrayList<>();
      try {
        RingMembers now = WatchCommand.look(supervisor);
        if (silence.isPresent()) {
          changes.add(supervisor + " answers again");
          silence = Optional.empty();
        }
        changes.addAll(next(now));
      } catch (CommandFailed e) {
        if (silence.isEmpty()) {
          changes.add(e.text());
        }
        silence = Optional.of(e.text());
      }
      return changes;
    }

    /** One line for each member that is new, changed or gone. */
    List<String> next(RingMembers now) {
      var before = ring.byId();
      List<String> changes = new ArrayList<>();
      for (RingMembers.Row member : now.members()) {
        RingMembers.Row was = before.remove(member.id());
        if (was == null || was.health() != member.health()) {
          changes.add(
              "%s %s %s -> %s incarnation=%s"
                  .formatted(
                      member.id(),
                      member.place(),
                      was == null ? "unknown" : was.healthText(),
                      member.healthText(),
                      member.incarnationText()));
        } else if (was.incarnation() != member.incarnation()) {
          changes.add(
              "%s %s %s incarnation=%s -> %s"
                  .formatted(
                      member.id(),
                      member.place(),
                      member.healthText(),
                      was.incarnationText(),
                      member.incarnationText()));
        }
      }
      before
          .values()
          .forEach(gone -> changes.add("%s %s forgotten".formatted(gone.id(), gone.place())));
      ring = now;
      return changes;
    }
  }
}
