package dev.monarch.supervisor.spec;

import dev.monarch.packages.PackageIdent;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.BindingMode;
import dev.monarch.wire.control.DesiredState;
import dev.monarch.wire.control.ServiceBind;
import dev.monarch.wire.control.SpecChange;
import dev.monarch.wire.control.Topology;
import dev.monarch.wire.control.UpdateCondition;
import dev.monarch.wire.control.UpdateStrategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a service is meant to run (supervisor.md 3.2).
 *
 * @param ident of the package, with or without version and release
 * @param group the service is a member of, without the service's name
 * @param builderUrl where new releases come from
 * @param channel of that place
 * @param binds in the order they were given
 * @param configFrom replaces the package's {@code default.toml}, {@code config} and {@code hooks}
 * @param shutdownTimeout whole seconds until a stopping process is killed; empty for the package's
 * @param encryptedPassword means something on Windows only, and is kept
 * @param unknownKeys what the file says beyond all this; kept when it is written again
 */
public record ServiceSpec(
    PackageIdent ident,
    String group,
    String builderUrl,
    String channel,
    Topology topology,
    UpdateStrategy updateStrategy,
    UpdateCondition updateCondition,
    List<ServiceBind> binds,
    BindingMode bindingMode,
    Optional<Path> configFrom,
    DesiredState desiredState,
    Optional<Duration> shutdownTimeout,
    Optional<String> encryptedPassword,
    Duration healthCheckInterval,
    Map<String, Object> unknownKeys) {

  static final String DEFAULT_GROUP = "default";
  static final String DEFAULT_BUILDER_URL = "https://bldr.habitat.sh";
  static final String DEFAULT_CHANNEL = "base";
  static final Duration DEFAULT_HEALTH_CHECK_INTERVAL = Duration.ofSeconds(30);

  /** The original holds seconds in 32 bits. */
  private static final long SHUTDOWN_TIMEOUT_SECONDS_MAX = 0xffff_ffffL;

  public ServiceSpec {
    if (ServiceGroup.parse(ident.name() + "." + group).isEmpty()
        || group.chars().anyMatch(c -> c == '.' || c == '@' || c == '#')) {
      throw new IllegalArgumentException(
          "expected a group name such as default, without '.', '@' and '#', found \""
              + group
              + "\"");
    }
    shutdownTimeout.ifPresent(
        timeout -> {
          if (timeout.isNegative()
              || timeout.toNanosPart() != 0
              || timeout.toSeconds() > SHUTDOWN_TIMEOUT_SECONDS_MAX) {
            throw new IllegalArgumentException(
                "expected a shutdown timeout of 0 to %d whole seconds, found %s"
                    .formatted(SHUTDOWN_TIMEOUT_SECONDS_MAX, timeout));
          }
        });
    if (healthCheckInterval.isNegative()) {
      throw new IllegalArgumentException(
          "expected a health check interval of zero or more, found " + healthCheckInterval);
    }
    binds = List.copyOf(binds);
    unknownKeys = Collections.unmodifiableMap(new LinkedHashMap<>(unknownKeys));
  }

  /** Everything as the original sets it where nothing is said. */
  public static ServiceSpec of(PackageIdent ident) {
    return new ServiceSpec(
        ident,
        DEFAULT_GROUP,
        DEFAULT_BUILDER_URL,
        DEFAULT_CHANNEL,
        Topology.STANDALONE,
        UpdateStrategy.NONE,
        UpdateCondition.LATEST,
        List.of(),
        BindingMode.STRICT,
        Optional.empty(),
        DesiredState.UP,
        Optional.empty(),
        Optional.empty(),
        DEFAULT_HEALTH_CHECK_INTERVAL,
        Map.of());
  }

  /** The name of the service, its directory and its file: the package's without the origin. */
  public String name() {
    return ident.name();
  }

  public ServiceGroup serviceGroup() {
    return new ServiceGroup(name() + "." + group);
  }

  /** This spec with what a command says; what it does not say stays. */
  public ServiceSpec with(SpecChange change) {
    return new ServiceSpec(
        ident,
        change.group().orElse(group),
        change.builderUrl().orElse(builderUrl),
        change.channel().orElse(channel),
        change.topology().orElse(topology),
        change.updateStrategy().orElse(updateStrategy),
        change.updateCondition().orElse(updateCondition),
        change.binds().orElse(binds),
        change.bindingMode().orElse(bindingMode),
        configFrom,
        desiredState,
        seconds(change.shutdownTimeoutSeconds()).or(() -> shutdownTimeout),
        change.encryptedPassword().or(() -> encryptedPassword),
        seconds(change.healthCheckIntervalSeconds()).orElse(healthCheckInterval),
        unknownKeys);
  }

  private static Optional<Duration> seconds(OptionalLong seconds) {
    return seconds.isPresent()
        ? Optional.of(Duration.ofSeconds(seconds.getAsLong()))
        : Optional.empty();
  }

  public ServiceSpec withIdent(PackageIdent other) {
    return new ServiceSpec(
        other,
        group,
        builderUrl,
        channel,
        topology,
        updateStrategy,
        updateCondition,
        binds,
        bindingMode,
        configFrom,
        desiredState,
        shutdownTimeout,
        encryptedPassword,
        healthCheckInterval,
        unknownKeys);
  }

  public ServiceSpec withConfigFrom(Path directory) {
    return new ServiceSpec(
        ident,
        group,
        builderUrl,
        channel,
        topology,
        updateStrategy,
        updateCondition,
        binds,
        bindingMode,
        Optional.of(directory),
        desiredState,
        shutdownTimeout,
        encryptedPassword,
        healthCheckInterval,
        unknownKeys);
  }

  public ServiceSpec withDesiredState(DesiredState other) {
    return new ServiceSpec(
        ident,
        group,
        builderUrl,
        channel,
        topology,
        updateStrategy,
        updateCondition,
        binds,
        bindingMode,
        configFrom,
        other,
        shutdownTimeout,
        encryptedPassword,
        healthCheckInterval,
        unknownKeys);
  }

  /**
   * True if a running service has to be stopped and started to become what the other spec says.
   * Where releases come from and when they are taken can be changed while it runs.
   */
  boolean needsRestartFor(ServiceSpec other) {
    return !(ident.equals(other.ident)
        && group.equals(other.group)
        && topology == other.topology
        && binds.equals(other.binds)
        && bindingMode == other.bindingMode
        && configFrom.equals(other.configFrom)
        && shutdownTimeout.equals(other.shutdownTimeout)
        && encryptedPassword.equals(other.encryptedPassword)
        && healthCheckInterval.equals(other.healthCheckInterval));
  }
}
