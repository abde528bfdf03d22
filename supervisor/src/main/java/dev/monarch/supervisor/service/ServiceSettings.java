package dev.monarch.supervisor.service;

import dev.monarch.wire.ServiceGroup;
import java.time.Duration;
import java.util.Optional;

/**
 * What the machine has to know of a service's spec and of the Supervisor's own settings.
 *
 * @param ident as written in the spec
 * @param group of the service, which stands before most of its lines
 * @param strictBinds do nothing before all binds are satisfied
 * @param leaderTopology run hooks only after an election has finished
 * @param healthCheckInterval at least a second: zero crashes the original (supervisor.md 14.1, 13)
 * @param shutdownTimeout the spec's, which is stronger than the package's
 */
public record ServiceSettings(
    String ident,
    ServiceGroup group,
    boolean strictBinds,
    boolean leaderTopology,
    Duration healthCheckInterval,
    Optional<Duration> shutdownTimeout,
    RestartSettings restart,
    HookLimits hookLimits) {
  /** Shorter intervals given by an operator are taken as this one. */
  public static final Duration HEALTH_CHECK_INTERVAL_MIN = Duration.ofSeconds(1);

  public ServiceSettings {
    if (ident.isEmpty()) {
      throw new IllegalArgumentException("expected the ident of a package, found nothing");
    }
    if (healthCheckInterval.compareTo(HEALTH_CHECK_INTERVAL_MIN) < 0) {
      healthCheckInterval = HEALTH_CHECK_INTERVAL_MIN;
    }
    shutdownTimeout.ifPresent(
        timeout -> {
          if (timeout.isNegative()) {
            throw new IllegalArgumentException(
                "expected a shutdown timeout of zero or more, found " + timeout);
          }
        });
  }
}
