package dev.monarch.supervisor.manager;

import static dev.monarch.supervisor.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.Butterfly;
import dev.monarch.butterfly.RingState;
import dev.monarch.butterfly.View;
import dev.monarch.checks.PackageFixture;
import dev.monarch.crypto.Box;
import dev.monarch.crypto.KeyCache;
import dev.monarch.launcher.LocalProcessHost;
import dev.monarch.launcher.OutputForm;
import dev.monarch.packages.PackageStore;
import dev.monarch.ring.RingEvent;
import dev.monarch.supervisor.config.Layout;
import dev.monarch.supervisor.hooks.HookRunner;
import dev.monarch.supervisor.http.ServiceSnapshot;
import dev.monarch.supervisor.service.HookLimits;
import dev.monarch.supervisor.service.Line;
import dev.monarch.supervisor.service.RestartSettings;
import dev.monarch.supervisor.service.ServiceState;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.DepartureRumor;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.SysInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Supervisor's services below a directory, without a Supervisor. */
final class LivingServices implements AutoCloseable {
  static final String SELF = "5e1f5e1f5e1f5e1f5e1f5e1f5e1f5e1f";
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final Path root;
  private final Map<String, String> environment = new HashMap<>();
  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final LocalProcessHost host;
  private final Ring ring = new Ring();
  private RestartSettings restart = RestartSettings.usual();
  private volatile CountDownLatch released = new CountDownLatch(0);
  private volatile String heldUp = "";
  private @Nullable Manager manager;

  LivingServices(Path root) throws Exception {
    this.root = root;
    this.host =
        LocalProcessHost.open(
            Files.createDirectories(root.resolve("hab/launcher")),
            new OutputForm(false, false),
            out,
            err);
    environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    environment.put("FS_ROOT", root.toString());
  }

  /** What other members say arrives at once, and stays. */
  private static final class Ring implements Manager.RingDoor {
    private final List<Rumor> rumors = new CopyOnWriteArrayList<>();
    private @Nullable Manager heardBy;
    private final List<String> standing = new CopyOnWriteArrayList<>();
    private final List<String> restarted = new CopyOnWriteArrayList<>();
    private final Map<String, Long> suitabilities = new ConcurrentHashMap<>();

    @Override
    public View view() {
      return new View(
          Member.of(SELF, 0, "127.0.0.1", 9638),
          state(),
          Map.of(),
          Map.of(),
          Collections.emptySortedMap(),
          Collections.emptySortedMap(),
          Collections.emptySortedMap(),
          false);
    }

    /** What operators had told by commands, the newest of each group alone. */
    private RingState state() {
      var configurations = new TreeMap<String, ServiceConfigRumor>();
      var files = new TreeMap<String, ServiceFileRumor>();
      for (Rumor rumor : rumors) {
        if (rumor instanceof ServiceConfigRumor configuration) {
          configurations.put(configuration.group().text(), configuration);
        } else if (rumor instanceof ServiceFileRumor file) {
          files.put(file.group().text() + "/" + file.filename(), file);
        }
      }
      return new RingState(
          List.of(),
          List.of(),
          List.copyOf(configurations.values()),
          List.copyOf(files.values()),
          List.of(),
          List.of(),
          List.of());
    }

    @Override
    public void publish(Rumor rumor) {
      rumors.add(rumor);
      if (heardBy != null && !(rumor instanceof ServiceRumor)) {
        heardBy.heard(new RingEvent.RumorStored(Instant.now(), rumor));
      }
    }

    @Override
    public void depart(String memberId) {
      rumors.add(new DepartureRumor(Butterfly.OPERATOR, memberId));
    }

    @Override
    public void standForElection(ServiceGroup group) {
      standing.add(group.text());
    }

    @Override
    public void suitability(ServiceGroup group, long suitability) {
      suitabilities.put(group.text(), suitability);
    }

    @Override
    public void restartElection(ServiceGroup group) {
      restarted.add(group.text());
    }

    @Override
    public void stepDown(ServiceGroup group) {
      throw new AssertionError("nobody asked to hand over " + group.text());
    }
  }

  LivingServices with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  LivingServices with(RestartSettings settings) {
    restart = settings;
    return this;
  }

  /** Waits until a service of this group stands for election. */
  void awaitStanding(String group) {
    eventually(() -> List.copyOf(ring.standing), standing -> standing.contains(group));
  }

  /** Waits until elections of exactly these groups were begun anew. */
  void awaitRestarted(String... groups) {
    eventually(() -> List.copyOf(ring.restarted), List.of(groups)::equals);
  }

  /** Waits until the ring was told that this member is worth so much. */
  void awaitSuitability(String group, long expected) {
    eventually(
        () -> Map.copyOf(ring.suitabilities),
        told -> Long.valueOf(expected).equals(told.get(group)));
  }

  /** Starts, or starts again after {@link #detach}. */
  LivingServices start() throws Exception {
    var premises =
        new Premises(
            layout(),
            PackageStore.below(root),
            keys(),
            host,
            new HookRunner(LauncherGroups.INSTANCE, lines::add),
            new SysFacts(
                "0.1.0",
                SELF,
                "127.0.0.1",
                "here",
                new InetSocketAddress(9638),
                new InetSocketAddress(9631),
                new InetSocketAddress(9632),
                false),
            Optional.empty(),
            restart,
            HookLimits.usual(),
            environment);
    var started = new Manager(premises, ring, this::hear, () -> {});
    ring.heardBy = started;
    host.subscribe(started::heard);
    started.begin();
    manager = started;
    return this;
  }

  Layout layout() {
    return Layout.of(Map.of("FS_ROOT", root.toString()));
  }

  /** Where this Supervisor looks for keys; the directory is not there at first. */
  KeyCache keys() {
    return new KeyCache(root.resolve("hab/cache/keys"));
  }

  Manager manager() {
    if (manager == null) {
      throw new IllegalStateException("not started");
    }
    return manager;
  }

  /** A package whose process sleeps, with more to be told. */
  PackageFixture web() {
    return pkg("acme/web/1.0.0/20260101000000");
  }

  PackageFixture pkg(String ident) {
    return PackageFixture.at(root, ident).hook("run", "#!/bin/sh\nexec sleep 1000\n");
  }

  Path svc(String path) {
    return root.resolve("hab/svc").resolve(path);
  }

  /** A file among the Supervisor's data. */
  Path data(String name) throws IOException {
    return Files.createDirectories(root.resolve("hab/sup/default/data")).resolve(name);
  }

  // ---- Specs ----

  /** Writes a spec as an operator would. */
  void spec(String name, String... toml) {
    write(layout().spec(name), String.join("\n", toml) + "\n");
  }

  void load(String ident, String... toml) {
    spec(ident.split("/", -1)[1], "ident = \"" + ident + "\"\n" + String.join("\n", toml));
  }

  void deleteSpec(String name) throws IOException {
    Files.delete(layout().spec(name));
  }

  static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Path beside = file.resolveSibling("." + file.getFileName() + ".new");
      Files.writeString(beside, text);
      Files.move(
          beside,
          file,
          java.nio.file.StandardCopyOption.ATOMIC_MOVE,
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  // ---- The ring ----

  static ServiceRumor service(String member, String group, long incarnation, String exports) {
    return new ServiceRumor(
        member,
        member,
        new ServiceGroup(group),
        incarnation,
        false,
        "acme/pg/1.0.0/20260101000000",
        Bytes.utf8(exports),
        new SysInfo(
            "10.0.0." + member.charAt(0),
            "there",
            "0.0.0.0",
            9638,
            "0.0.0.0",
            9631,
            "127.0.0.1",
            9632),
        0);
  }

  void hear(Rumor rumor) {
    manager().heard(new RingEvent.RumorStored(Instant.now(), rumor));
  }

  void hear(String member, Health health) {
    Membership known = new Membership(Member.of(member, 0, "10.0.0.1", 9638), health);
    manager()
        .heard(
            new RingEvent.MemberChanged(
                Instant.now(), System.nanoTime(), known.member(), Optional.empty(), health));
  }

  void hearConfiguration(String group, long version, String toml) {
    hear(
        new ServiceConfigRumor(
            "operator", new ServiceGroup(group), version, false, Bytes.utf8(toml)));
  }

  void hearFile(String group, long version, String name, String text) {
    hear(
        new ServiceFileRumor(
            "operator", new ServiceGroup(group), version, false, name, Bytes.utf8(text)));
  }

  void hearSealedConfiguration(String group, long version, Box sealed) {
    hear(
        new ServiceConfigRumor(
            "operator", new ServiceGroup(group), version, true, Bytes.of(sealed.text())));
  }

  void hearSealedFile(String group, long version, String name, Box sealed) {
    hear(
        new ServiceFileRumor(
            "operator", new ServiceGroup(group), version, true, name, Bytes.of(sealed.text())));
  }

  List<Rumor> published() {
    return ring.rumors;
  }

  // ---- What is seen ----

  Optional<ServiceSnapshot> find(String name) {
    return manager().services().stream().filter(one -> one.spec().name().equals(name)).findFirst();
  }

  ServiceSnapshot await(String name, Predicate<ServiceSnapshot> condition) {
    return eventually(DEADLINE, () -> find(name), found -> found.filter(condition).isPresent())
        .orElseThrow();
  }

  /** Waits until it is up, and gives its pid. */
  int awaitUp(String name) {
    return await(name, one -> one.status().state() == ServiceState.UP)
        .status()
        .process()
        .orElseThrow();
  }

  ServiceSnapshot awaitState(String name, ServiceState state) {
    return await(name, one -> one.status().state() == state);
  }

  void awaitGone(String name) {
    eventually(DEADLINE, () -> find(name), Optional::isEmpty);
  }

  String awaitFile(Path file, String content) {
    return eventually(DEADLINE, () -> read(file), content::equals);
  }

  /** Files are taken away by the worker of a service, a moment after the rest is over. */
  void awaitNoFile(Path file) {
    eventually(DEADLINE, () -> Files.exists(file), Boolean.FALSE::equals);
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException notYet) {
      return "[" + notYet + "]";
    }
  }

  private void hear(Line line) {
    lines.add(line);
    if (line.text().contains(heldUp)) {
      try {
        released.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Whoever says this does not get on until then. */
  void holdUpWhoSays(String text, CountDownLatch until) {
    released = until;
    heldUp = text;
  }

  List<String> lines() {
    return lines.stream().map(Line::toString).toList();
  }

  /** Waits for one line in which all of these are. */
  void awaitLine(String... pieces) {
    eventually(
        DEADLINE,
        this::lines,
        all -> all.stream().anyMatch(line -> Stream.of(pieces).allMatch(line::contains)));
  }

  void assertNoLine(String piece) {
    assertThat(lines()).noneMatch(line -> line.contains(piece));
  }

  /** What services wrote to their standard output. */
  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  static boolean isAlive(int pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  /** As when the Supervisor is replaced. */
  void detach() {
    manager().detach();
    manager().close();
    lines.clear();
  }

  void stop() {
    manager().stop();
    manager().close();
  }

  @Override
  public void close() {
    try {
      if (manager != null) {
        manager.stop();
        manager.close();
      }
    } finally {
      host.close();
    }
  }
}
