package dev.monarch.supervisor.http;

import dev.monarch.packages.InstalledPackage;
import dev.monarch.supervisor.service.Hook;
import dev.monarch.supervisor.service.RestartSettings;
import dev.monarch.supervisor.service.ServiceStatus;
import dev.monarch.supervisor.spec.ServiceSpec;
import dev.monarch.wire.ServiceGroup;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything that can be shown about one loaded service at one moment.
 *
 * @param specFile where its spec is
 * @param prepared empty as long as its package could not be made ready
 * @param userConfigUpdated whether {@code user.toml} changed and was not read again yet
 * @param sys as templates see it
 * @param atNanos the moment on the clock of {@code status}
 * @param at the same moment on the wall clock
 */
public record ServiceSnapshot(
    ServiceSpec spec,
    Path specFile,
    ServiceGroup group,
    ServiceStatus status,
    Optional<Prepared> prepared,
    boolean userConfigUpdated,
    Map<String, Object> sys,
    RestartSettings restart,
    long atNanos,
    Instant at) {
  public ServiceSnapshot {
    sys = Collections.unmodifiableMap(new LinkedHashMap<>(sys));
  }

  /**
   * What its package and configuration say.
   *
   * @param context {@code pkg} of templates
   * @param cfg the merged configuration
   * @param hooks those the package has
   * @param directory {@code svc/NAME}
   */
  public record Prepared(
      InstalledPackage installed,
      Map<String, Object> context,
      Map<String, Object> cfg,
      Set<Hook> hooks,
      Path directory) {
    public Prepared {
      context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
      cfg = Collections.unmodifiableMap(new LinkedHashMap<>(cfg));
      hooks = Collections.unmodifiableSet(new TreeSet<>(hooks));
    }
  }

  /** The wall clock's time of a moment on the clock of {@code status}. */
  public Instant wallTime(long nanos) {
    return at.minusNanos(atNanos - nanos);
  }
}
