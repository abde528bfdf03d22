package dev.monarch.supervisor.service;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a service that keeps failing waits (supervisor.md 4.7): at first the shorter of both
 * periods, then a random time between the minimum and three times the delay before, never more than
 * the maximum.
 */
final class Backoff {
  private static final int GROWTH = 3;

  /** Longer ones than a year are not told apart, so that no sum overflows. */
  private static final Duration LONGEST = Duration.ofDays(365);

  private final RandomGenerator random;
  private long previousNanos = -1;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** Nanoseconds until the next attempt. */
  long next(RestartSettings settings) {
    long min = nanos(settings.minBackoff());
    long max = nanos(settings.maxBackoff());
    if (previousNanos < 0) {
      previousNanos = Math.min(min, max);
    } else {
      long bound = Math.max(min, Math.min(previousNanos, nanos(LONGEST)) * GROWTH);
      previousNanos = Math.min(max, bound > min ? random.nextLong(min, bound + 1) : min);
    }
    return previousNanos;
  }

  void clear() {
    previousNanos = -1;
  }

  /** A duration as nanoseconds, at most a year. */
  static long nanos(Duration duration) {
    return duration.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : duration.toNanos();
  }
}
