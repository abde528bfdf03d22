package dev.monarch.supervisor.http;

import dev.monarch.supervisor.Durations;
import dev.monarch.supervisor.service.Hook;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What documents say of services.
 *
 * @param services all that are loaded, in the order they are shown; one whose package could not be
 *     made ready is counted and not shown, as in the original
 * @param hooks how long hooks took
 * @param loops how long it took to answer what happened
 * @param commands what the control gateway counted
 */
public record ServicesView(
    List<ServiceSnapshot> services,
    Map<Hook, Durations.Row> hooks,
    Map<Loop, Durations.Row> loops,
    List<MetricSnapshot> commands) {

  /** Whose answer was measured. */
  public enum Loop {
    SUP,
    SERVICE
  }

  public ServicesView {
    services = List.copyOf(services);
    commands = List.copyOf(commands);
    hooks = Collections.unmodifiableMap(new LinkedHashMap<>(hooks));
    loops = Collections.unmodifiableMap(new LinkedHashMap<>(loops));
  }

  /** For a Supervisor without services. */
  public static ServicesView none() {
    return new ServicesView(List.of(), Map.of(), Map.of(), List.of());
  }
}
