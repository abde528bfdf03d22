package dev.monarch.supervisor.service;

import java.time.Duration;

/**
 * How long a service that failed waits for its next attempt (supervisor.md 4.7).
 *
 * @param minBackoff the first delay
 * @param maxBackoff no delay is longer
 * @param cooldown a service that ran this long after a restart starts again with the first delay
 */
public record RestartSettings(Duration minBackoff, Duration maxBackoff, Duration cooldown) {
  public RestartSettings {
    if (minBackoff.isNegative() || maxBackoff.isNegative() || cooldown.isNegative()) {
      throw new IllegalArgumentException(
          "expected back-off and cool-down periods of zero or more, found %s, %s, %s"
              .formatted(minBackoff, maxBackoff, cooldown));
    }
  }

  /** The original's defaults. */
  public static RestartSettings usual() {
    return new RestartSettings(Duration.ZERO, Duration.ZERO, Duration.ofMinutes(5));
  }
}
