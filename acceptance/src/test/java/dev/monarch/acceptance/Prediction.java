package dev.monarch.acceptance;

import java.time.Duration;

/** What the specification's times add up to (butterfly.md 0.2, 4.6, 5.1). */
final class Prediction {
  static final Duration PERIOD = Duration.ofMillis(3100);
  static final Duration SUSPICION = Duration.ofMillis(9300);

  /** Both waits of a probe. */
  private static final Duration PROBE = Duration.ofMillis(3100);

  /** A timeout is looked at every half second. */
  private static final Duration EXPIRY_LOOK = Duration.ofMillis(500);

  /** Told on to everyone, with one verification of hearsay, on a machine that has more to do. */
  private static final Duration SPREAD = Duration.ofSeconds(20);

  private Prediction() {}

  /** A probe that was sent just before the member died, and the suspicion's time. */
  static Duration confirmedAtTheEarliest() {
    return PROBE.plus(SUSPICION).minusMillis(200);
  }

  /**
   * At the latest, the member is probed at the end of a pass after one that it was the first of;
   * one survivor that comes to it earlier makes it known to all.
   */
  static Duration confirmedEverywhere(int members) {
    int probed = members - 1;
    return PERIOD
        .multipliedBy(2L * probed - 1)
        .plus(PROBE)
        .plus(SUSPICION)
        .plus(EXPIRY_LOOK)
        .plus(SPREAD);
  }
}
