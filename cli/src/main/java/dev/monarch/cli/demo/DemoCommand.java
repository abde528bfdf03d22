package dev.monarch.cli.demo;

import dev.monarch.butterfly.Settings;
import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Surroundings;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hab ring demo}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Runs a ring of five Supervisors on this machine, to play with or to watch.",
    description = {
      "A, B and C are permanent peers, D and E ordinary members; each is a whole Supervisor with an"
          + " address of its own. No root is needed, and nothing is left behind.",
      "",
      "On a terminal, keys stop, kill, freeze and revive a member, and split and heal the network.",
    })
public final class DemoCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Option(
      names = "--story",
      description = {
        "Play a whole story unattended and compare each step with the calculated time:",
        "join, kill, return, split, heal, stop. Takes two to three minutes, and fails if a step"
            + " does not come true."
      })
  private boolean story;

  @Option(names = "--keep", description = "Keep the Supervisors' files and logs, and say where.")
  private boolean keep;

  @Option(names = "--no-color", description = "Print without colours.")
  private boolean plain;

  public DemoCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (!story && (!surroundings.typed() || !surroundings.shown() || surroundings.isDumb())) {
      throw new CommandFailed(
          "'hab ring demo' needs a terminal for its keys and its picture; 'hab ring demo --story'"
              + " plays unattended");
    }
    try (DemoRing ring = DemoRing.open(keep)) {
      if (story) {
        return tellStory(ring);
      }
      try (Playground playground = Playground.open(surroundings, ring, !plain)) {
        playground.play();
      }
      end(ring);
      return 0;
    }
  }

  private int tellStory(DemoRing ring) throws InterruptedException {
    var out = surroundings.out();
    out.println("Five Supervisors on this machine; A, B, C are permanent peers:");
    for (DemoMember member : ring.members()) {
      out.println("  %c  %s".formatted(member.seat().letter(), member.seat().gossip()));
    }
    out.println();
    out.flush();
    Instant began = Instant.now();
    boolean came =
        new StoryTeller(
                ring,
                line -> {
                  out.println(line);
                  out.flush();
                })
            .tell(Story.steps(Settings.stock()));
    Duration took = Duration.between(began, Instant.now());
    out.println();
    if (!came) {
      ring.close();
      throw new CommandFailed(
          "The story did not come true; the Supervisors' logs are in " + ring.directory());
    }
    out.println("All of it came true in %d s.".formatted(took.toSeconds()));
    end(ring);
    return 0;
  }

  private void end(DemoRing ring) {
    ring.close();
    if (keep) {
      surroundings.out().println("The Supervisors' files and logs are in " + ring.directory());
    } else {
      ring.forget();
    }
  }
}
