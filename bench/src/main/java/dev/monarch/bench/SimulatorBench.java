package dev.monarch.bench;

import dev.monarch.simulator.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Simulated members × simulated seconds in one second of processor time, on one thread.
 *
 * <p>Joining: everybody starts within a second, knowing one member, and the invariants are checked
 * after every event, as in the tests. This is dearest by far, since every member tells every other
 * one of every third. Settled: the same ring later, if it gets there. Quiet: everybody knows
 * everybody, nothing is told, and no invariant is checked.
 */
final class SimulatorBench {
  /** Processor time spent on one figure. */
  private static final double BUDGET_SECONDS = 5;

  /** By then a ring of a hundred members has told all it has to tell. */
  private static final Duration JOINING = Duration.ofMinutes(2);

  private static final Duration STEP = Duration.ofMillis(5);
  private static final Duration NO_LIMIT = Duration.ofDays(30);

  private SimulatorBench() {}

  static String run() {
    Table table =
        new Table(
            "members", "joining", "(took)", "settled", "(took)", "quiet, unwatched", "(took)");
    for (int members : List.of(32, 128, 1000)) {
      Simulation ring = Simulation.builder(1).members(members).build();
      Speed joining = measure(ring, JOINING);
      boolean joined = ring.now().compareTo(JOINING) >= 0;
      Optional<Speed> settled = joined ? Optional.of(measure(ring, NO_LIMIT)) : Optional.empty();
      Simulation still =
          Simulation.builder(1)
              .members(members)
              .acquainted()
              .settings(QuietRing.settings())
              .unwatched()
              .build();
      // Once around, so that everybody was spoken to by somebody and the compiler is done.
      measure(still, NO_LIMIT);
      Speed quiet = measure(still, NO_LIMIT);
      table.row(
          String.valueOf(members),
          joining.rate(members),
          joining.took(),
          settled.map(speed -> speed.rate(members)).orElse("–"),
          settled.map(Speed::took).orElse("–"),
          quiet.rate(members),
          quiet.took());
    }
    return table.text();
  }

  /** How much virtual time passed in how much processor time. */
  private record Speed(double virtualSeconds, double processorSeconds) {
    String rate(int members) {
      return Figures.rate(members * virtualSeconds / processorSeconds);
    }

    String took() {
      return "%.1f s in %.1f s".formatted(virtualSeconds, processorSeconds);
    }
  }

  private static Speed measure(Simulation ring, Duration virtualMax) {
    Duration begin = ring.now();
    double start = ProcessorTime.seconds();
    double spent = 0;
    while (spent < BUDGET_SECONDS && ring.now().minus(begin).compareTo(virtualMax) < 0) {
      ring.runFor(STEP);
      spent = ProcessorTime.seconds() - start;
    }
    return new Speed(ring.now().minus(begin).toNanos() / 1e9, spent);
  }
}
