package dev.monarch.bench;

import dev.monarch.butterfly.Input;
import dev.monarch.butterfly.Settings;
import dev.monarch.butterfly.election.Explanation;
import dev.monarch.simulator.ElectionScenario;
import dev.monarch.simulator.Host;
import dev.monarch.simulator.Simulation;
import dev.monarch.wire.Health;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How long a group is without a leader that all of a ring agree upon, once its leader was killed:
 * simulated, with real members, and with a Pekko cluster of the same size, whose singleton is the
 * leader. What the detection of the death takes is kept apart from what the election takes.
 */
final class ElectionBench {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Duration LOOKING = Duration.ofMillis(5);
  private static final Duration SETTLING = Duration.ofSeconds(30);
  private static final int KILLS_PER_RING = 20;

  private ElectionBench() {}

  static String run(int members, int group, int kills, int simulated) {
    if (group < 3 || members <= group) {
      throw new IllegalArgumentException(
          "expected a group of at least 3 in a ring that is larger, found %d of %d"
              .formatted(group, members));
    }
    Table table =
        new Table(
            "group of %d in a ring of %d".formatted(group, members),
            "kills",
            "death known to the first, s",
            "death known to all, s",
            "new leader known to all, s",
            "… after the death was, s",
            "… 99 % of them, s");
    add(table, "Monarch, simulated", simulated(members, group, simulated));
    if (kills > 0) {
      Path scratch = scratch();
      try {
        add(table, "Monarch", real("Monarch", monarch(scratch), members, group, kills, scratch));
        for (PekkoNodes.Pace pace : PekkoNodes.Pace.values()) {
          String name = "Pekko singleton, " + pace.name().toLowerCase(java.util.Locale.ROOT);
          add(table, name, real(name, pekko(pace), members, group, kills, scratch));
        }
      } finally {
        delete(scratch);
      }
    }
    return table.text();
  }

  private static void add(Table table, String name, List<Takeover> kills) {
    if (!kills.isEmpty()) {
      table.row(Takeover.row(name, kills).toArray(String[]::new));
    }
  }

  // ---- real ----

  static Nodes.Program monarch(Path scratch) {
    return (first, last, group, seeds) ->
        command(MonarchNodes.class, scratch.toString(), first, last, group, seeds);
  }

  private static Nodes.Program pekko(PekkoNodes.Pace pace) {
    return (first, last, group, seeds) ->
        command(PekkoNodes.class, pace.name(), first, last, group, seeds);
  }

  private static List<String> command(Class<?> program, Object... arguments) {
    return Stream.concat(Stream.of(program.getName()), Stream.of(arguments).map(String::valueOf))
        .toList();
  }

  private static List<Takeover> real(
      String name, Nodes.Program program, int members, int group, int kills, Path scratch) {
    SplittableRandom random = new SplittableRandom();
    List<Takeover> seen = new ArrayList<>();
    try (Nodes nodes = new Nodes(name, program, members, group, scratch.resolve("stderr.txt"))) {
      for (int i = 1; i <= kills; i++) {
        nodes.awaitSettled();
        RunningSupervisor.pause(Duration.ofMillis(random.nextLong(10_000, 20_000)));
        Takeover takeover = nodes.killLeader();
        seen.add(takeover);
        System.err.printf(
            "%s: kill %d of %d, death %.2f–%.2f s, new leader %.2f s, load %s%n",
            name,
            i,
            kills,
            takeover.deathFirst(),
            takeover.deathLast(),
            takeover.agreed(),
            Machine.load());
      }
    }
    return seen;
  }

  private static Path scratch() {
    try {
      return Files.createTempDirectory("monarch-bench-election-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create a temporary directory", e);
    }
  }

  private static void delete(Path scratch) {
    try (Stream<Path> all = Files.walk(scratch)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      System.err.println("left behind: " + scratch + " (" + e + ")");
    }
  }

  // ---- simulated ----

  static List<Takeover> simulated(int members, int group, int kills) {
    List<Takeover> seen = new ArrayList<>();
    for (int seed = 1; seen.size() < kills; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Simulation ring =
          Simulation.builder(seed)
              .members(members)
              .settings(Settings.standard())
              .acquainted()
              .startWithin(Settings.standard().protocolPeriod())
              .unwatched()
              .build();
      ring.runFor(SETTLING);
      List<Host> electing = ring.hosts().subList(0, group);
      electing.forEach(host -> stand(ring, host));
      for (int i = 0; i < KILLS_PER_RING && seen.size() < kills; i++) {
        elapse(ring, ring::isAgreed);
        elapse(ring, () -> leader(ring).isPresent());
        ring.runFor(SETTLING.plusMillis(random.nextLong(60_000)));
        Host victim = leader(ring).orElseThrow(() -> ring.complaint("the leader was lost"));
        seen.add(kill(ring, victim));
        ring.start(victim);
        ring.runFor(Duration.ofSeconds(1));
        stand(ring, victim);
      }
    }
    return seen;
  }

  private static Takeover kill(Simulation ring, Host victim) {
    List<Host> survivors = ring.hosts().stream().filter(host -> host != victim).toList();
    Predicate<Host> holdsDead =
        host -> host.healthOf(victim).filter(held -> held.isWorseThan(Health.SUSPECT)).isPresent();
    ring.crash(victim);
    double first = elapse(ring, () -> survivors.stream().anyMatch(holdsDead));
    double last = first + elapse(ring, () -> survivors.stream().allMatch(holdsDead));
    double agreed =
        last + elapse(ring, () -> leader(ring).filter(leader -> leader != victim).isPresent());
    return new Takeover(first, last, agreed);
  }

  /** The member that all who are well know as the leader. */
  private static Optional<Host> leader(Simulation ring) {
    Optional<String> leader = Optional.empty();
    for (Host host : ring.wellHosts()) {
      Optional<String> known = Explanation.of(host.view(), ElectionScenario.GROUP).leaderId();
      if (known.isEmpty() || (leader.isPresent() && !known.equals(leader))) {
        return Optional.empty();
      }
      leader = known;
    }
    Optional<String> id = leader;
    return ring.hosts().stream().filter(host -> id.equals(Optional.of(host.id()))).findFirst();
  }

  private static void stand(Simulation ring, Host host) {
    ring.publish(host, ElectionScenario.service(host.id(), ring.now().toMillis()));
    ring.hand(host, new Input.StandForElection(ElectionScenario.GROUP));
  }

  private static double elapse(Simulation ring, BooleanSupplier condition) {
    return ring.runUntil(condition, LIMIT, LOOKING)
            .orElseThrow(() -> ring.complaint("the group does not come to agree"))
            .toNanos()
        / 1e9;
  }
}
