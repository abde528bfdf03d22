package dev.monarch.wire.control;

import dev.monarch.wire.RefusedException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a load or an update says about a service's spec. What is absent is kept.
 *
 * @param binds all binds; an empty list takes away those there are
 * @param encryptedPassword of the user a service runs as, on Windows
 * @param healthCheckIntervalSeconds 0 or more, unsigned
 * @param shutdownTimeoutSeconds 0 to 4294967295
 */
public record SpecChange(
    Optional<List<ServiceBind>> binds,
    Optional<BindingMode> bindingMode,
    Optional<String> builderUrl,
    Optional<String> channel,
    Optional<String> group,
    Optional<String> encryptedPassword,
    Optional<Topology> topology,
    Optional<UpdateStrategy> updateStrategy,
    Optional<UpdateCondition> updateCondition,
    OptionalLong healthCheckIntervalSeconds,
    OptionalLong shutdownTimeoutSeconds) {
  /** Keeps everything. */
  public static final SpecChange NONE =
      new SpecChange(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalLong.empty(),
          OptionalLong.empty());

  public SpecChange {
    binds = binds.map(List::copyOf);
    group.ifPresent(SpecChange::checkGroup);
    shutdownTimeoutSeconds.ifPresent(Seconds::check32);
  }

  /** The same, and this channel. */
  public SpecChange withChannel(String name) {
    return new SpecChange(
        binds,
        bindingMode,
        builderUrl,
        Optional.of(name),
        group,
        encryptedPassword,
        topology,
        updateStrategy,
        updateCondition,
        healthCheckIntervalSeconds,
        shutdownTimeoutSeconds);
  }

  private static void checkGroup(String group) {
    if (group.isEmpty() || group.chars().anyMatch(c -> c == '.' || c == '@' || c == '#')) {
      throw new IllegalArgumentException(
          "expected a group name such as default, without '.', '@' and '#', found "
              + RefusedException.quote(group));
    }
  }
}
