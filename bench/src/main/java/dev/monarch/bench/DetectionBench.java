package dev.monarch.bench;

import dev.monarch.butterfly.Settings;
import dev.monarch.simulator.Host;
import dev.monarch.simulator.Simulation;
import dev.monarch.wire.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * How long a ring takes to find out that a member was killed: calculated, simulated, and measured
 * with real Supervisors on loopback addresses.
 *
 * <p>Monarch is read from what it writes with {@code --ring-log}. The original does not write such
 * a file; its gateway is asked every {@value #ASK_MILLIS} ms, and tells what its main loop saw
 * last, which may be a second ago.
 */
final class DetectionBench {
  private static final Duration LIMIT = Duration.ofSeconds(150);
  private static final int ASK_MILLIS = 100;
  private static final int KILLS_PER_RING = 20;

  /** By then nothing about joining or coming back is told any more. */
  private static final Duration SETTLING = Duration.ofSeconds(30);

  private DetectionBench() {}

  static String run(int members, int kills, int simulated) {
    DetectionTime calculated = new DetectionTime(members);
    Table table =
        new Table(
            "ring of " + members,
            "kills",
            "suspect at the first, s",
            "suspect at all, s",
            "confirmed at the first, s",
            "confirmed at all, s");
    double spread = DetectionTime.SPREAD_MAX.toSeconds();
    table.row(
        "calculated, median (least–99.9 %)",
        "–",
        quantiles(calculated::firstSuspectedSeconds, 0),
        "at most %.0f later".formatted(spread),
        quantiles(calculated::firstConfirmedSeconds, 0),
        "at most %.0f later".formatted(spread));
    add(table, "simulated", simulated(members, simulated));
    add(table, "Monarch", real(Product.monarch(Bench.root()), members, kills));
    Optional<Product> original = Product.original();
    if (original.isPresent()) {
      add(table, "original", real(original.get(), members, kills));
    } else {
      System.err.println(Product.whyNoOriginal());
    }
    return table.text();
  }

  private static void add(Table table, String name, List<Detection> kills) {
    if (!kills.isEmpty()) {
      table.row(Detection.row(name, kills).toArray(String[]::new));
    }
  }

  private static String quantiles(java.util.function.DoubleUnaryOperator seconds, double least) {
    return "%.1f (%.1f–%.1f)"
        .formatted(
            seconds.applyAsDouble(0.5), seconds.applyAsDouble(least), seconds.applyAsDouble(0.999));
  }

  // ---- simulated ----

  /**
   * Kills at any time within a pass, in rings that have settled. A ring is used several times,
   * since joining costs more than all that follows.
   */
  static List<Detection> simulated(int members, int kills) {
    List<Detection> seen = new ArrayList<>();
    for (int seed = 1; seen.size() < kills; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Duration pass = Settings.stock().protocolPeriod().multipliedBy(members - 1);
      Simulation ring =
          Simulation.builder(seed).members(members).startWithin(pass).unwatched().build();
      ring.runFor(pass);
      for (int i = 0; i < KILLS_PER_RING && seen.size() < kills; i++) {
        elapse(ring, ring::isAgreed);
        ring.runFor(SETTLING.plusNanos(random.nextLong(pass.toNanos())));
        Host victim = ring.host(random.nextInt(members));
        seen.add(simulatedKill(ring, victim));
        ring.start(victim);
      }
    }
    return seen;
  }

  private static Detection simulatedKill(Simulation ring, Host victim) {
    List<Host> survivors = ring.hosts().stream().filter(host -> host != victim).toList();
    ring.crash(victim);
    double suspectedFirst =
        elapse(ring, () -> survivors.stream().anyMatch(isAtLeast(victim, Health.SUSPECT)));
    double suspectedLast =
        suspectedFirst
            + elapse(ring, () -> survivors.stream().allMatch(isAtLeast(victim, Health.SUSPECT)));
    double confirmedFirst =
        suspectedLast
            + elapse(ring, () -> survivors.stream().anyMatch(isAtLeast(victim, Health.CONFIRMED)));
    double confirmedLast =
        confirmedFirst
            + elapse(ring, () -> survivors.stream().allMatch(isAtLeast(victim, Health.CONFIRMED)));
    return new Detection(suspectedFirst, suspectedLast, confirmedFirst, confirmedLast);
  }

  private static Predicate<Host> isAtLeast(Host victim, Health health) {
    return host -> host.healthOf(victim).filter(held -> !health.isWorseThan(held)).isPresent();
  }

  private static double elapse(Simulation ring, java.util.function.BooleanSupplier condition) {
    return ring.runUntil(condition, LIMIT)
            .orElseThrow(() -> ring.complaint("the ring does not come to agree"))
            .toNanos()
        / 1e9;
  }

  // ---- real ----

  private static List<Detection> real(Product product, int members, int kills) {
    List<Detection> seen = new ArrayList<>();
    if (kills == 0) {
      return seen;
    }
    SplittableRandom random = new SplittableRandom();
    System.err.printf("%s: starting %d Supervisors%n", product.name(), members);
    try (RealRing ring = RealRing.start(product, members)) {
      List<RunningSupervisor> supervisors = ring.supervisors();
      for (int i = 0; i < kills; i++) {
        // A kill may fall anywhere into a pass; long ones are not waited for.
        RunningSupervisor.pause(Duration.ofMillis(random.nextLong(10_000, 25_000)));
        // Not the first, which is everybody's peer.
        RunningSupervisor victim = supervisors.get(random.nextInt(1, members));
        String load = Machine.load();
        Detection detection = kill(product, supervisors, victim);
        seen.add(detection);
        System.err.printf(
            "%s: kill %d of %d, suspect %.2f–%.2f s, confirmed %.2f–%.2f s, load %s%n",
            product.name(),
            i + 1,
            kills,
            detection.suspectedFirst(),
            detection.suspectedLast(),
            detection.confirmedFirst(),
            detection.confirmedLast(),
            load);
        victim.startAgain();
        victim.awaitAnswer();
        ring.awaitAgreement();
      }
    }
    return seen;
  }

  private static Detection kill(
      Product product, List<RunningSupervisor> supervisors, RunningSupervisor victim) {
    String victimId = victim.memberId();
    List<RunningSupervisor> survivors =
        supervisors.stream().filter(supervisor -> supervisor != victim).toList();
    Instant killed = victim.kill();
    Map<RunningSupervisor, Double> suspected = new HashMap<>();
    Map<RunningSupervisor, Detection.Sighting> sightings = new HashMap<>();
    RunningSupervisor.await(
        "every survivor confirms the death of " + victim,
        LIMIT,
        () -> {
          for (RunningSupervisor survivor : survivors) {
            if (!sightings.containsKey(survivor)) {
              Optional<Detection.Sighting> sighting =
                  product.writesRingLog()
                      ? RingLog.sighting(Machine.read(survivor.ringLog()), victimId, killed)
                      : ask(survivor, victimId, killed, suspected);
              sighting.ifPresent(seen -> sightings.put(survivor, seen));
            }
          }
          if (!product.writesRingLog()) {
            RunningSupervisor.pause(Duration.ofMillis(ASK_MILLIS / 2));
          }
          return sightings.size() == survivors.size();
        });
    return Detection.of(sightings.values());
  }

  private static Optional<Detection.Sighting> ask(
      RunningSupervisor survivor,
      String victimId,
      Instant killed,
      Map<RunningSupervisor, Double> suspected) {
    String health =
        survivor
            .gateway()
            .butterfly()
            .flatMap(document -> Gateway.health(document, victimId))
            .orElse("alive");
    double seconds = Duration.between(killed, Instant.now()).toNanos() / 1e9;
    if (!health.equals("alive")) {
      suspected.putIfAbsent(survivor, seconds);
    }
    return health.equals("confirmed")
        ? Optional.of(new Detection.Sighting(suspected.getOrDefault(survivor, seconds), seconds))
        : Optional.empty();
  }
}
