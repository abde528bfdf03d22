package dev.monarch.supervisor.http;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.util.List;

/** Counts the gateway's requests by route, never by what a client made up. */
final class RequestCounters {
  private final Counter requests =
      Counter.builder()
          .name("hab_sup_http_gateway_requests_total")
          .help("Requests to the HTTP gateway")
          .labelNames("path")
          .build();

  private final Histogram durations =
      Histogram.builder()
          .name("hab_sup_http_gateway_request_duration_seconds")
          .help("How long requests to the HTTP gateway took")
          .labelNames("path")
          .classicOnly()
          .classicUpperBounds(Histogram.Builder.DEFAULT_CLASSIC_UPPER_BOUNDS)
          .build();

  void count(String route, Duration duration) {
    requests.labelValues(route).inc();
    durations.labelValues(route).observe(duration.toNanos() / 1e9);
  }

  List<MetricSnapshot> snapshots() {
    return List.of(requests.collect(), durations.collect());
  }
}
