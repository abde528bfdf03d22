package dev.monarch.supervisor.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.census.ElectionState;
import dev.monarch.supervisor.service.HookResult.Cancelled;
import dev.monarch.supervisor.service.HookResult.Exited;
import dev.monarch.supervisor.service.HookResult.NotStarted;
import dev.monarch.supervisor.service.HookResult.Signalled;
import dev.monarch.supervisor.service.HookResult.TimedOut;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything in any order: a service is started, stopped, changed, lost and found at random, and
 * its answers come late. {@link World} holds the invariants; in the end every service stops.
 */
class ServiceMachineWalkTest {
  private static final int STEPS = 2_000;
  private static final List<ElectionState> ELECTIONS = List.of(ElectionState.values());

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 100);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nothingRunsTwiceAndEveryStopEnds(long seed) {
    var random = new Random(seed);
    World web = world(random, seed);
    for (int step = 0; step < STEPS && web.ended().isEmpty(); step++) {
      step(web, random);
    }

    web.ignoresSignals = random.nextBoolean();
    web.stop(StopCause.SHUTDOWN);
    for (int step = 0; step < 1_000 && web.ended().isEmpty(); step++) {
      if (web.held.isEmpty()) {
        web.pass(Duration.ofSeconds(1));
      } else {
        answerOne(web, random);
      }
    }
    assertThat(web.ended()).as("stopped, found in %s", web.status()).isPresent();
    assertThat(web.process().isEmpty() || web.ended().equals(Optional.of(EndCause.DETACHED)))
        .as("no process is left")
        .isTrue();
  }

  private static World world(Random random, long seed) {
    Set<Hook> hooks = EnumSet.noneOf(Hook.class);
    for (Hook hook :
        List.of(
            Hook.INIT,
            Hook.POST_RUN,
            Hook.HEALTH_CHECK,
            Hook.FILE_UPDATED,
            Hook.RECONFIGURE,
            Hook.SUITABILITY,
            Hook.POST_STOP)) {
      if (random.nextBoolean()) {
        hooks.add(hook);
      }
    }
    World web = new World(hooks.toArray(Hook[]::new)).with(settings(random), seed);
    web.holdsAnswers = true;
    return web.start();
  }

  private static ServiceSettings settings(Random random) {
    return World.settings(
        random.nextBoolean(),
        random.nextInt(4) == 0,
        new RestartSettings(
            Duration.ofSeconds(random.nextInt(4)),
            Duration.ofSeconds(random.nextInt(12)),
            Duration.ofSeconds(random.nextInt(100))));
  }

  private static void step(World web, Random random) {
    if (!web.held.isEmpty() && random.nextInt(3) > 0) {
      answerOne(web, random);
      return;
    }
    switch (random.nextInt(26)) {
      case 0 -> web.start();
      case 1 -> web.stop(StopCause.DESIRED_DOWN);
      case 2 -> web.stop(StopCause.DESIRED_DOWN, Duration.ofSeconds(random.nextInt(20)));
      case 3 -> {
        if (random.nextInt(50) == 0) {
          web.stop(StopCause.UNLOADED).start();
        }
      }
      case 4 -> web.tell(new ServiceInput.Restart(TerminationReason.PACKAGE_UPDATED));
      case 5 ->
          web.tell(new ServiceInput.SettingsChanged(settings(random), random.nextInt(3) == 0));
      case 6 -> web.configured();
      case 7 -> web.rendered(any(random));
      case 8 -> web.tell(new ServiceInput.FilesUpdated());
      case 9 -> judgeBinds(web, random);
      case 10 -> {
        web.election = ELECTIONS.get(random.nextInt(ELECTIONS.size()));
        web.tell(web.judged());
      }
      case 11 -> {
        if (web.process().isPresent()) {
          web.exits("exit status: 1");
        }
      }
      case 12 -> web.results(any(random), anyEnd(random));
      case 13 -> web.ignoresSignals = random.nextBoolean();
      case 14 -> web.childrenIgnoreSignals = random.nextBoolean();
      case 15 ->
          web.cannotBePrepared =
              random.nextInt(3) == 0 ? Optional.of("no package") : Optional.empty();
      case 16 ->
          web.cannotBeStarted = random.nextInt(3) == 0 ? Optional.of("no file") : Optional.empty();
      case 17 -> {
        if (random.nextInt(100) == 0) {
          web.tell(new ServiceInput.Detach());
        }
      }
      case 18 -> strangers(web, random);
      case 19 -> web.tell(new ServiceInput.LeaderInDoubt());
      case 20 -> web.forksAway = random.nextBoolean();
      default -> web.pass(Duration.ofMillis(random.nextInt(5_000)));
    }
  }

  private static void answerOne(World web, Random random) {
    int index = random.nextInt(web.held.size());
    web.forget(web.held.get(index));
    web.answer(index);
  }

  private static void judgeBinds(World web, Random random) {
    boolean satisfied = random.nextInt(3) > 0;
    web.binds = List.of(new BindJudgement("db", satisfied, satisfied ? "yes" : "no"));
    web.tell(new ServiceInput.BindsJudged(web.binds));
  }

  /** Answers that nobody waits for. */
  private static void strangers(World web, Random random) {
    web.tell(
        switch (random.nextInt(5)) {
          case 0 -> new ServiceInput.HookEnded(1_000_000, new Exited(0));
          case 1 -> new ServiceInput.ProcessExited(1, "exit status: 0");
          case 2 -> new ServiceInput.GroupGone(1);
          case 3 -> new ServiceInput.PreparationFailed(-1, "late");
          default -> new ServiceInput.Rendered(-1, Set.of(Hook.INIT), true, true);
        });
  }

  private static Hook any(Random random) {
    List<Hook> hooks =
        List.of(
            Hook.INIT,
            Hook.RUN,
            Hook.POST_RUN,
            Hook.HEALTH_CHECK,
            Hook.FILE_UPDATED,
            Hook.RECONFIGURE,
            Hook.SUITABILITY,
            Hook.POST_STOP);
    return hooks.get(random.nextInt(hooks.size()));
  }

  private static HookResult anyEnd(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> new Signalled(9);
      case 1 -> new TimedOut();
      case 2 -> new NotStarted("no such file");
      case 3 -> new Cancelled();
      default -> new Exited(random.nextInt(5));
    };
  }
}
