package dev.monarch.supervisor.http;

import dev.monarch.butterfly.Output.ProbeStage;
import dev.monarch.butterfly.election.Tally;
import dev.monarch.ring.RingMetrics;
import dev.monarch.ring.RingMetrics.Probes;
import dev.monarch.ring.RingMetrics.SwimKind;
import dev.monarch.ring.RingMetrics.Traffic;
import dev.monarch.supervisor.Durations;
import dev.monarch.supervisor.Product;
import dev.monarch.supervisor.service.Hook;
import dev.monarch.supervisor.service.ServiceHealth;
import dev.monarch.wire.Health;
import dev.monarch.wire.Rejection;
import dev.monarch.wire.RumorKind;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Counters in Prometheus text, under the original's names where it counts the same (butterfly.md
 * 12, supervisor.md 9.7), and some of our own, which begin with {@code monarch_}.
 */
final class MetricsDocument {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4";

  private static final String SUCCESS = "success";
  private static final String FAILURE = "failure";

  private final List<MetricSnapshot> snapshots = new ArrayList<>();

  private MetricsDocument() {}

  static byte[] of(RingMetrics ring, RequestCounters requests, ServicesView services) {
    var document = new MetricsDocument();
    document.supervisor(requests);
    document.services(services);
    document.membership(ring);
    document.swim(ring);
    document.gossip(ring);
    document.elections(ring);
    document.faults(ring);
    var text = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(text, new MetricSnapshots(document.snapshots));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toByteArray();
  }

  private void supervisor(RequestCounters requests) {
    snapshots.addAll(requests.snapshots());
    gauge(
        "monarch_build_info",
        "The version of this Supervisor and the one it is compatible with",
        point(Labels.of("version", Product.version(), "compatible", Product.COMPATIBLE), 1));
    ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .ifPresent(
            cpu ->
                gauge(
                    "hab_sup_cpu_time_nanoseconds",
                    "CPU time that the process used, in nanoseconds",
                    point(Labels.EMPTY, cpu.toNanos())));
    openFiles()
        .ifPresent(
            files ->
                gauge(
                    "hab_sup_open_file_descriptors_total",
                    "File descriptors that are open now",
                    point(Labels.EMPTY, files)));
  }

  /** Linux lists them as files; where it does not, nothing is said. */
  private static Optional<Integer> openFiles() {
    return Optional.ofNullable(new File("/proc/self/fd").list()).map(files -> files.length);
  }

  private void services(ServicesView view) {
    snapshots.addAll(view.commands());
    durations(
        "hab_sup_run_loop_duration_seconds",
        "How long the Supervisor and its services took to answer what happened",
        "loop",
        Durations.BOUNDS,
        view.loops(),
        loop -> lower(loop));
    durations(
        "hab_sup_hook_duration_seconds",
        "How long hooks took",
        "hook",
        Durations.BOUNDS,
        view.hooks(),
        Hook::fileName);
    gauge(
        "monarch_service_state",
        "The state a service is in, as its label",
        view.services().stream()
            .map(
                one ->
                    point(
                        Labels.of(
                            "service_group", group(one), "state", lower(one.status().state())),
                        1))
            .toArray(GaugeDataPointSnapshot[]::new));
    gauge(
        "monarch_service_health",
        "Result of the last health check: 0 ok, 1 warning, 2 critical, 3 unknown",
        view.services().stream()
            .map(
                one ->
                    point(
                        Labels.of("service_group", group(one)), healthCode(one.status().health())))
            .toArray(GaugeDataPointSnapshot[]::new));
    gauge(
        "monarch_service_restart_count",
        "Restarts after failures, until one that was wished for",
        view.services().stream()
            .map(one -> point(Labels.of("service_group", group(one)), one.status().restartCount()))
            .toArray(GaugeDataPointSnapshot[]::new));
  }

  private static String group(ServiceSnapshot service) {
    return service.group().text();
  }

  private static long healthCode(ServiceHealth health) {
    return switch (health) {
      case OK -> 0;
      case WARNING -> 1;
      case CRITICAL -> 2;
      case UNKNOWN -> 3;
    };
  }

  private <K> void durations(
      String name,
      String help,
      String label,
      List<Duration> classes,
      Map<K, Durations.Row> rows,
      Function<K, String> text) {
    List<Double> bounds = new ArrayList<>();
    classes.forEach(bound -> bounds.add(seconds(bound)));
    bounds.add(Double.POSITIVE_INFINITY);
    List<HistogramDataPointSnapshot> points = new ArrayList<>();
    rows.forEach(
        (kind, row) ->
            points.add(
                HistogramDataPointSnapshot.builder()
                    .labels(Labels.of(label, text.apply(kind)))
                    .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, row.counts()))
                    .sum(seconds(row.sum()))
                    .build()));
    snapshots.add(
        new HistogramSnapshot(
            new io.prometheus.metrics.model.snapshots.MetricMetadata(name, help), points));
  }

  private void elections(RingMetrics ring) {
    Map<String, Durations.Row> rows = new LinkedHashMap<>();
    List<GaugeDataPointSnapshot> terms = new ArrayList<>();
    List<GaugeDataPointSnapshot> finished = new ArrayList<>();
    List<CounterDataPointSnapshot> without = new ArrayList<>();
    ring.elections()
        .forEach(
            (group, one) -> {
              Labels labels = Labels.of("service_group", group);
              rows.put(
                  group,
                  new Durations.Row(
                      one.tally().counts(), Duration.ofNanos(one.tally().finishedNanos())));
              terms.add(gaugePoint(labels, unsigned(one.term())));
              finished.add(gaugePoint(labels, one.finished() ? 1 : 0));
              without.add(
                  CounterDataPointSnapshot.builder()
                      .labels(labels)
                      .value(seconds(one.withoutLeader()))
                      .build());
            });
    durations(
        "hab_butterfly_election_duration_seconds",
        "How long elections took that finished, from the moment the leader was known to be lost",
        "service_group",
        Tally.BOUNDS,
        rows,
        Function.identity());
    gauge(
        "monarch_election_term",
        "Term of the last election",
        terms.toArray(GaugeDataPointSnapshot[]::new));
    gauge(
        "monarch_election_finished",
        "1 if the group has a leader, 0 if it elects one or has no quorum",
        finished.toArray(GaugeDataPointSnapshot[]::new));
    counter(
        "monarch_election_without_leader_seconds",
        "Time in which the group was known to have no leader",
        without);
  }

  private void membership(RingMetrics ring) {
    gauge(
        "hab_butterfly_incarnation_number",
        "Own incarnation",
        gaugePoint(Labels.EMPTY, unsigned(ring.incarnation())));
    gauge(
        "hab_butterfly_peer_health_total",
        "Members by health",
        points(
            Health.values(),
            health -> Labels.of("health", lower(health)),
            health -> ring.members().getOrDefault(health, 0L)));
    counter(
        "hab_butterfly_ignored_rumor_total",
        "Rumors that changed nothing",
        counts(
            RumorKind.values(),
            kind -> Labels.of("rumor", kind.text()),
            kind -> ring.ignoredRumors().getOrDefault(kind, 0L)));
    probes(ring.probes());
  }

  private void probes(Map<ProbeStage, Probes> probes) {
    Optional<Probes> direct = Optional.ofNullable(probes.get(ProbeStage.PING));
    Optional<Probes> indirect = Optional.ofNullable(probes.get(ProbeStage.PINGREQ));
    long acks = direct.map(Probes::answered).orElse(0L) + indirect.map(Probes::answered).orElse(0L);
    counter(
        "hab_butterfly_swim_probes_sent_total",
        "Probes by how far they went",
        List.of(
            count(Labels.of("type", "ping"), direct.map(MetricsDocument::begun).orElse(0L)),
            count(Labels.of("type", "ack"), acks),
            count(Labels.of("type", "pingreq"), indirect.map(MetricsDocument::begun).orElse(0L)),
            count(
                Labels.of("type", "pingreq/failure"),
                indirect.map(Probes::unanswered).orElse(0L))));
    List<HistogramDataPointSnapshot> points = new ArrayList<>();
    direct.ifPresent(stage -> points.add(histogram("ping/ack", stage.durations())));
    indirect.ifPresent(stage -> points.add(histogram("pingreq/ack", stage.durations())));
    snapshots.add(
        new HistogramSnapshot(
            new io.prometheus.metrics.model.snapshots.MetricMetadata(
                "hab_butterfly_swim_probe_duration_seconds",
                "How long the stages of probes took, answered or not"),
            points));
  }

  private static long begun(Probes stage) {
    return stage.answered() + stage.unanswered();
  }

  private static HistogramDataPointSnapshot histogram(
      String type, RingMetrics.Histogram durations) {
    List<Double> bounds = new ArrayList<>();
    for (Duration bound : RingMetrics.Histogram.BOUNDS) {
      bounds.add(seconds(bound));
    }
    bounds.add(Double.POSITIVE_INFINITY);
    return HistogramDataPointSnapshot.builder()
        .labels(Labels.of("type", type))
        .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, durations.counts()))
        .sum(seconds(durations.sum()))
        .build();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private void swim(RingMetrics ring) {
    var sent = ring.swim().sent();
    traffic(
        "hab_butterfly_swim_messages_sent_total",
        "Datagrams sent",
        "hab_butterfly_swim_sent_bytes",
        "Size of the last datagram sent",
        // The original counts a ProbePing as a ping, and has no fourth type when sending.
        List.of(
            new Row(
                Labels.of("type", "ping"),
                sum(sent.get(SwimKind.PING), sent.get(SwimKind.PROBEPING))),
            new Row(Labels.of("type", "ack"), known(sent.get(SwimKind.ACK))),
            new Row(Labels.of("type", "pingreq"), known(sent.get(SwimKind.PINGREQ)))));
    List<Row> received = new ArrayList<>();
    for (SwimKind kind : SwimKind.values()) {
      received.add(
          new Row(
              Labels.of("type", kind.text(), "mode", SUCCESS),
              known(ring.swim().received().get(kind))));
    }
    rejected(ring.swim().rejected())
        .forEach(
            (type, traffic) ->
                received.add(new Row(Labels.of("type", type, "mode", FAILURE), traffic)));
    traffic(
        "hab_butterfly_swim_messages_received_total",
        "Datagrams received",
        "hab_butterfly_swim_received_bytes",
        "Size of the last datagram received, opened",
        received);
    reasons("monarch_swim_rejected_total", "Datagrams not understood", ring.swim().rejected());
    single(
        "monarch_swim_acks_forwarded_total",
        "Acks passed on for another member",
        ring.swim().acksForwarded());
    single(
        "monarch_swim_records_dropped_total",
        "Membership records left out because passing them on could harm others",
        ring.swim().recordsDropped());
    single(
        "monarch_swim_send_failures_total",
        "Datagrams the operating system did not take",
        ring.swim().sendFailures());
    single(
        "monarch_swim_overflowed_total",
        "Datagrams dropped because the member could not keep up",
        ring.swim().overflowed());
    single(
        "monarch_swim_cut_total", "Datagrams dropped because of the cut file", ring.swim().cut());
  }

  private void gossip(RingMetrics ring) {
    var gossip = ring.gossip();
    List<Row> sent = new ArrayList<>();
    List<Row> received = new ArrayList<>();
    for (RumorKind kind : RumorKind.values()) {
      sent.add(
          new Row(Labels.of("type", kind.text(), "mode", SUCCESS), known(gossip.sent().get(kind))));
      received.add(
          new Row(
              Labels.of("type", kind.text(), "mode", SUCCESS, "blocked", "false"),
              known(gossip.received().get(kind))));
    }
    sent.add(
        new Row(
            Labels.of("type", "socket_connect", "mode", FAILURE),
            new Traffic(gossip.connectFailures(), 0)));
    rejected(gossip.rejected())
        .forEach(
            (type, traffic) ->
                received.add(
                    new Row(
                        Labels.of("type", type, "mode", FAILURE, "blocked", "unknown"), traffic)));
    traffic(
        "hab_butterfly_gossip_messages_sent_total",
        "Rumors sent",
        "hab_butterfly_gossip_sent_bytes",
        "Size of the last rumor sent",
        sent);
    traffic(
        "hab_butterfly_gossip_messages_received_total",
        "Rumors received",
        "hab_butterfly_gossip_received_bytes",
        "Size of the last rumor received, opened",
        received);
    reasons("monarch_gossip_rejected_total", "Rumors not understood", gossip.rejected());
    single(
        "monarch_gossip_send_failures_total",
        "Pushes that broke off while sending",
        gossip.sendFailures());
    gauge(
        "monarch_gossip_links",
        "Connections to other members, now",
        point(Labels.EMPTY, gossip.linksOpen()));
    gauge(
        "monarch_gossip_connections",
        "Connections from other members, now",
        point(Labels.EMPTY, gossip.connectionsOpen()));
    single(
        "monarch_gossip_connections_refused_total",
        "Connections closed at once, because of a limit or a cut",
        gossip.connectionsRefused());
    single(
        "monarch_gossip_protocol_failures_total",
        "Connections from others that did not speak as they must",
        gossip.protocolFailures());
  }

  private void faults(RingMetrics ring) {
    counter(
        "monarch_faults_total",
        "What should stay zero",
        List.of(
            count(Labels.of("kind", "machine"), ring.faults().machine()),
            count(Labels.of("kind", "disk"), ring.faults().disk()),
            count(Labels.of("kind", "events-missed"), ring.faults().eventsMissed())));
  }

  /** The original knows two ways to fail: the envelope did not open, or made no sense. */
  private static Map<String, Traffic> rejected(Map<Rejection, Traffic> rejected) {
    Traffic envelope = new Traffic(0, 0);
    Traffic content = new Traffic(0, 0);
    for (Map.Entry<Rejection, Traffic> entry : rejected.entrySet()) {
      switch (entry.getKey()) {
        case ENVELOPE, NONCE_MISSING, AUTHENTICATION -> envelope = sum(envelope, entry.getValue());
        case MALFORMED, UNKNOWN_TYPE, MISMATCH, FIELD_MISSING, FIELD_INVALID, OVERSIZED ->
            content = sum(content, entry.getValue());
      }
    }
    return Map.of("unwrap_wire", envelope, "undecodable", content);
  }

  private static Traffic known(@org.jspecify.annotations.Nullable Traffic traffic) {
    return traffic == null ? new Traffic(0, 0) : traffic;
  }

  private static Traffic sum(
      @org.jspecify.annotations.Nullable Traffic one,
      @org.jspecify.annotations.Nullable Traffic other) {
    Traffic first = known(one);
    Traffic second = known(other);
    return new Traffic(
        first.messages() + second.messages(),
        second.messages() > 0 ? second.lastBytes() : first.lastBytes());
  }

  private void reasons(String name, String help, Map<Rejection, Traffic> rejected) {
    counter(
        name,
        help,
        counts(
            Rejection.values(),
            reason -> Labels.of("reason", lower(reason)),
            reason -> known(rejected.get(reason)).messages()));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private record Row(Labels labels, Traffic traffic) {}

  private void traffic(
      String counterName, String counterHelp, String gaugeName, String gaugeHelp, List<Row> rows) {
    counter(
        counterName,
        counterHelp,
        rows.stream().map(row -> count(row.labels, row.traffic.messages())).toList());
    gauge(
        gaugeName,
        gaugeHelp,
        rows.stream()
            .filter(row -> row.traffic.lastBytes() > 0)
            .map(row -> point(row.labels, row.traffic.lastBytes()))
            .toArray(GaugeDataPointSnapshot[]::new));
  }

  private void single(String name, String help, long value) {
    counter(name, help, List.of(count(Labels.EMPTY, value)));
  }

  private void counter(String name, String help, List<CounterDataPointSnapshot> points) {
    CounterSnapshot.Builder builder = CounterSnapshot.builder().name(name).help(help);
    points.forEach(builder::dataPoint);
    snapshots.add(builder.build());
  }

  private void gauge(String name, String help, GaugeDataPointSnapshot... points) {
    GaugeSnapshot.Builder builder = GaugeSnapshot.builder().name(name).help(help);
    for (GaugeDataPointSnapshot point : points) {
      builder.dataPoint(point);
    }
    snapshots.add(builder.build());
  }

  private static GaugeDataPointSnapshot point(Labels labels, long value) {
    return gaugePoint(labels, (double) value);
  }

  private static GaugeDataPointSnapshot gaugePoint(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  private static CounterDataPointSnapshot count(Labels labels, long value) {
    return CounterDataPointSnapshot.builder().labels(labels).value((double) value).build();
  }

  private interface LabelsOf<T> {
    Labels of(T subject);
  }

  private interface ValueOf<T> {
    long of(T subject);
  }

  private static <T> GaugeDataPointSnapshot[] points(
      T[] subjects, LabelsOf<T> labels, ValueOf<T> value) {
    return java.util.Arrays.stream(subjects)
        .map(subject -> point(labels.of(subject), value.of(subject)))
        .toArray(GaugeDataPointSnapshot[]::new);
  }

  private static <T> List<CounterDataPointSnapshot> counts(
      T[] subjects, LabelsOf<T> labels, ValueOf<T> value) {
    return java.util.Arrays.stream(subjects)
        .map(subject -> count(labels.of(subject), value.of(subject)))
        .toList();
  }

  /** Prometheus knows floating point only, so great incarnations lose their last digits. */
  private static double unsigned(long value) {
    return value >= 0 ? (double) value : (double) value + 0x1p64;
  }
}
