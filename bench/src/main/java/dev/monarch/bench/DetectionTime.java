package dev.monarch.bench;

import java.time.Duration;

/**
 * When a killed member must be found out, calculated from the specification alone (butterfly.md
 * 0.2, 4.6, 5.1).
 *
 * <p>Every one of the n - 1 survivors probes the other n - 1 members one after another, one every
 * 3.1 s, in an order drawn anew for each pass. A kill falls anywhere into a pass. Counted from the
 * next start of a probe, the dead member's turn comes at one of the slots left in this pass, or, if
 * it was probed already, at some slot of the next pass. The first of all survivors whose turn it is
 * finds it silent: 1 s for the ping, 2.1 s for those asked to ping, then it is suspect; 9.3 s later
 * confirmed.
 *
 * <pre>
 *   killed ── wait ──┬── 3.1 s ── suspect at the first ── 9.3 s ── confirmed at the first
 *                    └ the first turn of the dead member at any survivor
 * </pre>
 *
 * The others follow within {@link #SPREAD_MAX} if news is pushed at once: a push may have to wait
 * for the gossip interval of 1 s, and who hears "confirmed" first asks for 1 s itself (4.7); but
 * all who heard of the suspicion at once have a timer of their own that runs out with the first
 * one. The original looks at its timers every 0.5 s only, and asks at the start of a pass only.
 *
 * <p>The survivors are taken to be independent of each other. Delays of the network and of the
 * machine are nothing here.
 */
final class DetectionTime {
  private static final double PERIOD = 3.1;
  private static final double FAILING_PROBE = 3.1;
  private static final double SUSPICION = 9.3;

  /** By how much the last survivor may be later than the first, in seconds. */
  static final Duration SPREAD_MAX = Duration.ofSeconds(2);

  private final int members;

  DetectionTime(int members) {
    if (members < 2) {
      throw new IllegalArgumentException("expected a ring of at least 2 members, found " + members);
    }
    this.members = members;
  }

  /** Seconds from the kill to the first suspicion that this part of all kills does not exceed. */
  double firstSuspectedSeconds(double part) {
    double low = 0;
    double high = (2 * others() - 1) * PERIOD;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (1 - Math.pow(unprobedAfter(middle), others()) < part) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high + FAILING_PROBE;
  }

  /** Seconds from the kill to the first confirmation, likewise. */
  double firstConfirmedSeconds(double part) {
    return firstSuspectedSeconds(part) + SUSPICION;
  }

  /** The other members as each one sees them: whom it probes, and how many survive a kill. */
  private int others() {
    return members - 1;
  }

  /**
   * How probable it is that one survivor has not begun to probe the dead member so long after the
   * kill. The next probe starts evenly distributed within a period, which connects the slots'
   * probabilities by straight lines.
   */
  double unprobedAfter(double seconds) {
    int starts = (int) (seconds / PERIOD);
    double rest = seconds / PERIOD - starts;
    return (1 - rest) * spared(starts) + rest * spared(starts + 1);
  }

  /**
   * How probable it is that one survivor starts so many probes and none goes to the dead member.
   */
  private double spared(int starts) {
    int pass = others();
    double sum = 0;
    for (int left = 0; left < pass; left++) {
      sum +=
          starts <= left
              ? 1 - (double) starts / pass
              : (1 - (double) left / pass) * Math.max(0, 1 - (double) (starts - left) / pass);
    }
    return sum / pass;
  }
}
