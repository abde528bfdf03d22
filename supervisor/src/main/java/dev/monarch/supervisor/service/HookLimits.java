package dev.monarch.supervisor.service;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How long a hook may run before its process group is killed.
 *
 * <p>The original lets a hook run for ever (supervisor.md 4.5 and 14.1, row 6), so the limits are
 * far above what a hook that works needs, and low enough that one that hangs is noticed.
 *
 * @param of a limit for every hook but {@code run}, which is the service itself
 */
public record HookLimits(Map<Hook, Duration> of) {
  /** Databases are created in {@code init}, installed in {@code install}: an hour each. */
  private static final Duration PREPARING = Duration.ofHours(1);

  /** Some packages keep a companion process in {@code post-run}; a day, and then again. */
  private static final Duration POST_RUN = Duration.ofDays(1);

  /** What a running service is told. */
  private static final Duration REACTING = Duration.ofMinutes(30);

  /** A check that needs longer says nothing about now. */
  private static final Duration CHECKING = Duration.ofMinutes(5);

  /** A Supervisor that is told to end waits for this one. */
  private static final Duration POST_STOP = Duration.ofMinutes(5);

  public HookLimits {
    var complete = new EnumMap<Hook, Duration>(Hook.class);
    complete.putAll(of);
    for (Hook hook : Hook.values()) {
      if (hook == Hook.RUN) {
        continue;
      }
      Duration limit = complete.get(hook);
      if (limit == null || !limit.isPositive()) {
        throw new IllegalArgumentException(
            "expected a time limit above zero for hook %s, found %s"
                .formatted(hook.fileName(), limit));
      }
    }
    of = Map.copyOf(complete);
  }

  /** What is used if nobody says otherwise. */
  public static HookLimits usual() {
    return new HookLimits(
        Map.of(
            Hook.INSTALL, PREPARING,
            Hook.UNINSTALL, PREPARING,
            Hook.INIT, PREPARING,
            Hook.POST_RUN, POST_RUN,
            Hook.HEALTH_CHECK, CHECKING,
            Hook.FILE_UPDATED, REACTING,
            Hook.RECONFIGURE, REACTING,
            Hook.SUITABILITY, CHECKING,
            Hook.POST_STOP, POST_STOP));
  }

  /** The limit of a hook other than {@code run}. */
  public Duration limit(Hook hook) {
    Duration limit = of.get(hook);
    if (limit == null) {
      throw new IllegalArgumentException("hook " + hook.fileName() + " has no time limit");
    }
    return limit;
  }
}
