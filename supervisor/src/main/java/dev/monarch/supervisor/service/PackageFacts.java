package dev.monarch.supervisor.service;

import java.time.Duration;
import java.util.Set;

/**
 * What the machine has to know of an installed package.
 *
 * @param ident fully qualified
 * @param name its name alone, which stands before the messages on how hooks ended
 * @param hooks those it has
 * @param shutdownSignal such as {@code TERM}
 * @param shutdownTimeout from the signal to {@code KILL}
 * @param user whom its processes run as
 * @param group as which group
 * @param lacksCapabilities true if another user was asked for than the Supervisor can switch to;
 *     {@code user} and {@code group} are then its own
 */
public record PackageFacts(
    String ident,
    String name,
    Set<Hook> hooks,
    String shutdownSignal,
    Duration shutdownTimeout,
    String user,
    String group,
    boolean lacksCapabilities) {
  public PackageFacts {
    hooks = Set.copyOf(hooks);
    if (shutdownTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "expected a shutdown timeout of zero or more, found " + shutdownTimeout);
    }
  }
}
