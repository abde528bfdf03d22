package dev.monarch.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Memory and processor time of Supervisors that have nothing to do, alone and in a ring of five.
 * What has several processes, as the original with its launcher, is summed up.
 */
final class IdleBench {
  /** A fresh JVM compiles and collects for a while; that is not idling yet. */
  private static final Duration SETTLING = Duration.ofSeconds(30);

  /** Linux counts processor time in hundredths of a second, whatever the kernel's own clock. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int RING = 5;

  private IdleBench() {}

  static String run(Duration watched) {
    Table table =
        new Table(
            "idle for " + watched.toSeconds() + " s",
            "resident, MB",
            "proportional share, MB",
            "CPU, % of one core",
            "processes");
    List<Product> products = new ArrayList<>(List.of(Product.monarch(Bench.root())));
    Optional<Product> original = Product.original();
    original.ifPresentOrElse(products::add, () -> System.err.println(Product.whyNoOriginal()));
    for (Product product : products) {
      for (int members : List.of(1, RING)) {
        try (RealRing ring = RealRing.start(product, members)) {
          RunningSupervisor.pause(SETTLING);
          add(table, product, ring.supervisors(), watched);
        }
      }
    }
    return table.text();
  }

  private static void add(
      Table table, Product product, List<RunningSupervisor> supervisors, Duration watched) {
    long start = System.nanoTime();
    List<Long> before = supervisors.stream().map(IdleBench::ticks).toList();
    RunningSupervisor.pause(watched);
    List<Double> shares = new ArrayList<>();
    List<Double> resident = new ArrayList<>();
    List<Double> proportional = new ArrayList<>();
    double seconds = (System.nanoTime() - start) / 1e9;
    for (int i = 0; i < supervisors.size(); i++) {
      RunningSupervisor supervisor = supervisors.get(i);
      double spent = (ticks(supervisor) - before.get(i)) / TICKS_PER_SECOND;
      shares.add(100 * spent / seconds);
      resident.add(megabytes(supervisor, "status", "VmRSS"));
      proportional.add(megabytes(supervisor, "smaps_rollup", "Pss"));
    }
    table.row(
        product.name() + (supervisors.size() == 1 ? ", alone" : ", each of " + supervisors.size()),
        Distribution.of(resident).text("%.0f"),
        Distribution.of(proportional).text("%.0f"),
        Distribution.of(shares).text("%.2f"),
        String.valueOf(supervisors.getFirst().pids().size()));
  }

  /** Processor time that its processes have used, services included. */
  static double cpuSeconds(RunningSupervisor supervisor) {
    return ticks(supervisor) / TICKS_PER_SECOND;
  }

  private static long ticks(RunningSupervisor supervisor) {
    return supervisor.pids().stream()
        .mapToLong(pid -> ProcText.cpuTicks(Machine.read(proc(pid, "stat"))))
        .sum();
  }

  private static double megabytes(RunningSupervisor supervisor, String file, String key) {
    return supervisor.pids().stream()
            .mapToLong(pid -> ProcText.kilobytes(Machine.read(proc(pid, file)), key))
            .sum()
        / 1024.0;
  }

  private static Path proc(long pid, String file) {
    return Path.of("/proc", String.valueOf(pid), file);
  }
}
