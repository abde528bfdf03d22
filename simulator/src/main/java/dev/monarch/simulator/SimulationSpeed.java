package dev.monarch.simulator;

import java.time.Duration;

/**
 * How fast rings are simulated.
 *
 * @param members members in the ring
 * @param simulated virtual time that passed
 * @param took real time it took
 * @param events events handled
 * @param datagrams datagrams sent
 */
public record SimulationSpeed(
    int members, Duration simulated, Duration took, long events, long datagrams) {

  /**
   * By then everybody has told everybody about everybody, which every start begins with. That is
   * cubic in the members, so it is waited for and not measured.
   */
  private static final Duration SETTLED = Duration.ofSeconds(60);

  /**
   * Runs a settled ring on a network with one percent loss and measures it. The time to settle
   * comes on top, and grows with the third power of the members: a minute for some hundred.
   *
   * @param watched with all invariants, as in tests, or without
   */
  public static SimulationSpeed measure(
      long seed, int members, Duration simulated, boolean watched) {
    Simulation.Builder builder =
        Simulation.builder(seed)
            .members(members)
            .network(NetworkConditions.quiet().withLoss(0.01))
            .acquainted();
    Simulation ring = (watched ? builder : builder.unwatched()).build();
    ring.runFor(SETTLED);
    long events = ring.events();
    long datagrams = ring.datagrams();
    long start = System.nanoTime();
    ring.runFor(simulated);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    return new SimulationSpeed(
        members, simulated, took, ring.events() - events, ring.datagrams() - datagrams);
  }

  /** Simulated members times simulated seconds in one real second. */
  public double memberSecondsPerSecond() {
    return members * (double) simulated.toNanos() / Math.max(1, took.toNanos());
  }

  public double eventsPerSecond() {
    return events * 1e9 / Math.max(1, took.toNanos());
  }
}
