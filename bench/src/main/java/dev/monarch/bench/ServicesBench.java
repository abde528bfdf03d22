package dev.monarch.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What services cost: how long a start takes, and what many idle ones need. */
final class ServicesBench {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** A fresh JVM compiles and collects for a while; that is not idling yet. */
  private static final Duration SETTLING = Duration.ofSeconds(30);

  private ServicesBench() {}

  static String run(int services, Duration watched) {
    Table table = new Table("services", "median (least–most)");
    try (RealRing ring = RealRing.start(Product.monarch(Bench.root()), 1)) {
      RunningSupervisor supervisor = ring.supervisors().getFirst();
      addStarts(table, supervisor, services);
      RunningSupervisor.pause(SETTLING);
      double before = IdleBench.cpuSeconds(supervisor);
      RunningSupervisor.pause(watched);
      double share = 100 * (IdleBench.cpuSeconds(supervisor) - before) / watched.toSeconds();
      table.row(
          services + " idle services on one Supervisor, CPU, % of one core",
          "%.2f".formatted(share));
    }
    return table.text();
  }

  private static void addStarts(Table table, RunningSupervisor supervisor, int services) {
    List<Double> took = new ArrayList<>();
    for (int i = 0; i < services; i++) {
      ProbeService service = new ProbeService(supervisor.directory(), "idle" + i);
      service.install();
      long written = Machine.wallNanos();
      service.load();
      RunningSupervisor.await(service.name() + " runs", LIMIT, service::hasRun);
      took.add((service.atNanos() - written) / 1e6);
    }
    table.row("spec written, process runs, ms", Distribution.of(took).text("%.0f"));
  }
}
