package dev.monarch.supervisor.ctl;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.util.List;

/** Counts requests by the name of their message, never by what a client made up. */
final class CallCounters {
  private final Counter calls =
      Counter.builder()
          .name("hab_sup_rpc_call_total")
          .help("Requests to the control gateway")
          .labelNames("name")
          .build();

  private final Histogram durations =
      Histogram.builder()
          .name("hab_sup_rpc_call_request_duration_seconds")
          .help("How long requests to the control gateway took")
          .labelNames("name")
          .classicOnly()
          .classicUpperBounds(Histogram.Builder.DEFAULT_CLASSIC_UPPER_BOUNDS)
          .build();

  void count(String name, Duration duration) {
    calls.labelValues(name).inc();
    durations.labelValues(name).observe(duration.toNanos() / 1e9);
  }

  List<MetricSnapshot> snapshots() {
    return List.of(calls.collect(), durations.collect());
  }
}
