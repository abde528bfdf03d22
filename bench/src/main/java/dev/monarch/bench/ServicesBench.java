package dev.monarch.bench;

import dev.monarch.packages.PackageStore;
import dev.monarch.ring.Ring;
import dev.monarch.ring.RingConfig;
import dev.monarch.ring.RingStartException;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.ServiceGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What services cost: how long configuration takes from a member that is told it to the hooks of
 * all others, how long a start takes, and what many idle services need.
 *
 * <p>Configuration is told by a member of our own, embedded in this program, which is as good as
 * any. The clock of the hooks is the shell's, so a start of {@code date} is in every figure.
 */
final class ServicesBench {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** A fresh JVM compiles and collects for a while; that is not idling yet. */
  private static final Duration SETTLING = Duration.ofSeconds(30);

  private static final String RELEASE = "/1.0.0/20260101000000";

  /** Notes which value came when, in one piece. */
  private static final String NOTE =
      """
      #!/bin/sh
      echo "{{cfg.value}} $(date +%s%N)" > {{pkg.svc_data_path}}/next
      mv {{pkg.svc_data_path}}/next {{pkg.svc_data_path}}/note
      """;

  private ServicesBench() {}

  static String run(int members, int changes, int services, Duration watched) {
    Product monarch = Product.monarch(Bench.root());
    Table table = new Table("services", "median (least–most)");
    try (RealRing ring = RealRing.start(monarch, members)) {
      addConfiguration(table, ring, changes);
    }
    try (RealRing ring = RealRing.start(monarch, 1)) {
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

  private static void addConfiguration(Table table, RealRing ring, int changes) {
    List<Path> notes = new ArrayList<>();
    for (RunningSupervisor supervisor : ring.supervisors()) {
      install(supervisor.directory(), "probe");
      load(supervisor.directory(), "probe");
      notes.add(note(supervisor.directory(), "probe"));
    }
    RunningSupervisor.await(
        "all services run", LIMIT, () -> notes.stream().allMatch(Files::exists));
    String first = ring.supervisors().getFirst().address();
    List<Double> anywhere = new ArrayList<>();
    List<Double> everywhere = new ArrayList<>();
    try {
      Path directory = Files.createTempDirectory("monarch-bench-member-");
      try (Ring teller =
          Ring.start(
              RingConfig.in(directory)
                  .withListen(new InetSocketAddress("127.0.77.200", 9638))
                  .withPeers(List.of(first)))) {
        RunningSupervisor.await(
            "the teller knows all others",
            LIMIT,
            () -> teller.view().state().members().size() >= notes.size());
        for (int value = 1; value <= changes; value++) {
          long told = wallNanos();
          teller.publish(
              new ServiceConfigRumor(
                  teller.memberId(),
                  new ServiceGroup("probe.default"),
                  value,
                  false,
                  Bytes.utf8("value = " + value)));
          String wanted = value + " ";
          RunningSupervisor.await(
              "value " + value + " is everywhere",
              LIMIT,
              () -> notes.stream().allMatch(note -> Machine.read(note).startsWith(wanted)));
          List<Double> took =
              notes.stream().map(note -> (nanos(note) - told) / 1e6).sorted().toList();
          anywhere.addAll(took);
          everywhere.add(took.getLast());
          RunningSupervisor.pause(Duration.ofSeconds(2));
        }
        teller.leave();
      } finally {
        try (Stream<Path> files = Files.walk(directory)) {
          files.sorted(Comparator.reverseOrder()).forEach(ServicesBench::delete);
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (RingStartException failure) {
      throw new IllegalStateException("cannot start a member of our own", failure);
    }
    String ring16 = " of a ring of " + notes.size() + ", ms";
    table.row(
        "configuration told to a member, hook runs at another one" + ring16,
        Distribution.of(anywhere).text("%.0f"));
    table.row("… at the last one" + ring16, Distribution.of(everywhere).text("%.0f"));
  }

  private static void addStarts(Table table, RunningSupervisor supervisor, int services) {
    List<Double> took = new ArrayList<>();
    for (int i = 0; i < services; i++) {
      String name = "idle" + i;
      install(supervisor.directory(), name);
      long written = wallNanos();
      load(supervisor.directory(), name);
      Path note = note(supervisor.directory(), name);
      RunningSupervisor.await(name + " runs", LIMIT, () -> Files.exists(note));
      took.add((nanos(note) - written) / 1e6);
    }
    table.row("spec written, process runs, ms", Distribution.of(took).text("%.0f"));
  }

  private static void install(Path root, String name) {
    Path pkg = root.resolve("hab/pkgs/bench").resolve(name + RELEASE);
    String user = System.getProperty("user.name");
    write(pkg.resolve("TARGET"), PackageStore.activeTarget());
    if (user.equals("root")) {
      // The bench's directory is nobody else's.
      write(pkg.resolve("SVC_USER"), user);
      write(pkg.resolve("SVC_GROUP"), user);
    }
    write(pkg.resolve("default.toml"), "value = 0\n");
    write(pkg.resolve("hooks/run"), NOTE.replace("{{cfg.value}}", "0") + "exec sleep 2147483647\n");
    write(pkg.resolve("hooks/reconfigure"), NOTE);
    write(pkg.resolve("config/value"), "{{cfg.value}}");
  }

  private static void load(Path root, String name) {
    write(
        root.resolve("hab/sup/default/specs").resolve(name + ".spec"),
        "ident = \"bench/" + name + "\"\n");
  }

  private static Path note(Path root, String name) {
    return root.resolve("hab/svc").resolve(name).resolve("data/note");
  }

  private static long nanos(Path note) {
    return Long.parseLong(Machine.read(note).strip().split(" ", 2)[1]);
  }

  private static long wallNanos() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Path beside = file.resolveSibling("." + file.getFileName());
      Files.writeString(beside, text);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
