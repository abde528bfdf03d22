package dev.monarch.simulator;

import dev.monarch.butterfly.RingState;
import dev.monarch.butterfly.Settings;
import dev.monarch.simulator.Simulation.DiskFate;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.Swim;
import dev.monarch.wire.SysInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A ring, a network and a script of faults, all drawn from a seed; then everything is mended, and
 * the ring must agree again.
 *
 * <p>What is demanded at the end is what the protocol can promise, no more: once the network is
 * whole and nobody meddles, every living member holds every other living one Alive and no dead one,
 * and all of them store the same rumors. For that the script keeps to a few rules.
 *
 * <ul>
 *   <li>A ring without permanent peers cannot heal a split in which both sides confirmed each other
 *       (butterfly.md 4.8). There, a cut ends before a suspicion does.
 *   <li>Hosts 0 and 1 are everybody's initial peers, so they neither vanish nor lose their disks; a
 *       permanent peer does not vanish either.
 *   <li>Faults begin once the ring has formed; a ring born in two parts may stay in two parts.
 * </ul>
 */
public final class RandomScenario {
  /** All members have started by then. */
  private static final Duration STARTED = Duration.ofSeconds(5);

  /** The ring must have formed by then, on whatever network it has. */
  private static final Duration FORMED_LIMIT = Duration.ofMinutes(5);

  /** How long an agreement must last to be believed. */
  private static final Duration STABLE = Duration.ofSeconds(40);

  /** With cuts of at most this long nobody gets from Alive to Confirmed. */
  private static final int SHORT_CUT_MILLIS_MAX = 5_000;

  /** The pause after a short cut, so that no two of them add up. */
  private static final int SHORT_CUT_PAUSE_SECONDS = 30;

  /** In this time a rumor is told as often as it ever is, and hardly ever written to a disk. */
  private static final Duration TOLD = Duration.ofSeconds(5);

  /** Much shorter than a probe. */
  private static final Duration BLINK = Duration.ofMillis(300);

  private static final List<DiskFate> FATES = List.of(DiskFate.values());
  private static final List<Health> HEALTHS = List.of(Health.values());
  private static final List<Health> SLANDERS =
      List.of(Health.SUSPECT, Health.CONFIRMED, Health.DEPARTED);
  private static final HexFormat HEX = HexFormat.of();

  /** A fault, or something else that disturbs the peace. */
  sealed interface Step {
    /** Two sides that cannot hear each other. */
    record Split(List<Integer> side, Duration lasting) implements Step {}

    /** One direction between two hosts. */
    record CutOneWay(int from, int to, Duration lasting) implements Step {}

    /** Both directions between two hosts. */
    record CutPair(int one, int other, Duration lasting) implements Step {}

    /** Everything is lost more often. */
    record Clog(double loss, Duration lasting) implements Step {}

    record Freeze(int host, Duration lasting) implements Step {}

    record Crash(int host, DiskFate fate, Duration lasting) implements Step {}

    /** Something is said, and who has just heard it crashes and is back before it is missed. */
    record Blink(int host, int speaker, int number) implements Step {}

    record Leave(int host, Duration lasting) implements Step {}

    /** A crash for good. */
    record Retire(int host) implements Step {}

    /** An operator makes a member depart. */
    record Depart(int at, int host) implements Step {}

    record ClosePort(int host, Duration lasting) implements Step {}

    record Publish(int host, int number) implements Step {}

    /** A stranger invents members. */
    record Bogus(int host, int count) implements Step {}

    /** A stranger tells a member of its own death, at the greatest incarnation. */
    record OwnDeath(int host) implements Step {}

    /** A stranger tells one member about another one. */
    record Slander(int host, int about, Health health, int above, boolean misplaced)
        implements Step {}

    /** Bytes without sense, on both planes. */
    record Garbage(int host, long content) implements Step {}
  }

  private record Timed(Duration at, Step step) {}

  private final long seed;
  private final SplittableRandom random;
  private final int members;
  private final List<Integer> persistent;
  private final NetworkConditions conditions;
  private final Settings settings;
  private final List<Timed> script;
  private int bogus;
  private boolean mended;

  private RandomScenario(long seed) {
    this.seed = seed;
    this.random = new Randomness(seed).stream("script");
    double size = random.nextDouble();
    this.members = 3 + (int) (22 * size * size);
    this.persistent = persistent();
    this.conditions = conditions();
    this.settings = Settings.stock().withShareLimit(random.nextInt(1, 5));
    this.script = script();
  }

  public static RandomScenario of(long seed) {
    return new RandomScenario(seed);
  }

  /** The command that repeats the run of a seed. */
  public static String replayCommand(long seed) {
    return "mvn -q -pl simulator -am test -Dtest=SeedTest -Dseed=" + seed;
  }

  /**
   * Runs it to its end.
   *
   * @throws SimulationFailure if an invariant breaks, or the ring does not agree in the end
   */
  public Simulation run() {
    Simulation ring =
        Simulation.builder(seed)
            .members(members)
            .settings(settings)
            .network(conditions)
            .persistent(persistent::contains)
            .peers(index -> index == 0 ? List.of(1) : index == 1 ? List.of(0) : List.of(0, 1))
            .startWithin(STARTED)
            .replayedBy(replayCommand(seed))
            .build();
    ring.describe(describe());
    ring.runFor(STARTED);
    awaitAgreement(ring, FORMED_LIMIT, "the ring does not form");
    Duration end = Duration.ZERO;
    for (Timed timed : script) {
      ring.schedule(timed.at(), timed.step().toString(), () -> apply(ring, timed.step()));
      end = timed.at();
    }
    ring.runFor(end.plus(Duration.ofSeconds(random.nextInt(5, 30))));
    mended = true;
    ring.mend();
    Duration limit = healingLimit();
    awaitAgreement(ring, limit, "the ring does not heal");
    ring.runFor(STABLE);
    awaitAgreement(ring, Duration.ZERO, "the ring does not stay healed");
    awaitSameRumors(ring, limit);
    return ring;
  }

  private void awaitAgreement(Simulation ring, Duration limit, String complaint) {
    if (ring.runUntil(ring::isAgreed, limit, Duration.ofSeconds(1)).isEmpty()) {
      throw ring.complaint(complaint + ": " + ring.disagreement().orElseThrow());
    }
  }

  private static void awaitSameRumors(Simulation ring, Duration limit) {
    if (ring.runUntil(() -> otherRumors(ring).isEmpty(), limit, Duration.ofSeconds(5)).isEmpty()) {
      throw ring.complaint("rumors are not the same: " + otherRumors(ring).orElseThrow());
    }
  }

  /** Two passes over everybody there can be, heard and unheard, and a suspicion between them. */
  private Duration healingLimit() {
    int pass = members + Math.max(16, Math.min(members, bogus));
    return settings.protocolPeriod().multipliedBy(3L * pass).plus(Duration.ofMinutes(1));
  }

  // ---- making the script ----

  private List<Integer> persistent() {
    if (random.nextInt(10) < 3) {
      return List.of();
    }
    int count = random.nextInt(1, Math.min(4, members));
    return IntStream.range(0, count).map(_ -> random.nextInt(members)).distinct().boxed().toList();
  }

  private NetworkConditions conditions() {
    return switch (random.nextInt(4)) {
      case 0 -> NetworkConditions.quiet();
      case 1 -> NetworkConditions.quiet().withLoss(random.nextDouble() * 0.05);
      case 2 -> NetworkConditions.rough(random.nextDouble() * 0.02);
      default -> NetworkConditions.rough(random.nextDouble() * (isSturdy() ? 0.2 : 0.05));
    };
  }

  /** True if the ring has members that are probed whatever they are believed to be. */
  private boolean isSturdy() {
    return !persistent.isEmpty();
  }

  private List<Timed> script() {
    int steps = random.nextInt(3, 13);
    List<Timed> timed = new ArrayList<>();
    int seconds = 0;
    for (int i = 0; i < steps; i++) {
      seconds += isSturdy() ? random.nextInt(1, 40) : random.nextInt(5, 20);
      Step step = isSturdy() ? anyStep() : gentleStep();
      timed.add(new Timed(Duration.ofMillis(seconds * 1000L + random.nextInt(1000)), step));
      // What is said during a fault is what gets lost.
      for (int said = random.nextInt(4); said > 0; said--) {
        long millis = seconds * 1000L + random.nextInt(1000, 30_000);
        timed.add(new Timed(Duration.ofMillis(millis), publish()));
      }
      if (!isSturdy() && isCut(step)) {
        seconds += SHORT_CUT_PAUSE_SECONDS;
      }
    }
    timed.sort(Comparator.comparing(Timed::at));
    return List.copyOf(timed);
  }

  private static boolean isCut(Step step) {
    return switch (step) {
      case Step.Split _, Step.CutOneWay _, Step.CutPair _ -> true;
      case Step.Clog _,
          Step.Freeze _,
          Step.Crash _,
          Step.Blink _,
          Step.Leave _,
          Step.Retire _,
          Step.Depart _,
          Step.ClosePort _,
          Step.Publish _,
          Step.Bogus _,
          Step.OwnDeath _,
          Step.Slander _,
          Step.Garbage _ ->
          false;
    };
  }

  private Step anyStep() {
    return switch (random.nextInt(5)) {
      case 0 -> cut(150_000);
      case 1 -> new Step.Clog(random.nextDouble() * 0.5, lasting(60_000));
      default -> processOrWord();
    };
  }

  private Step gentleStep() {
    return random.nextInt(4) == 0 ? cut(SHORT_CUT_MILLIS_MAX) : processOrWord();
  }

  private Step cut(int millisMax) {
    return switch (random.nextInt(4)) {
      case 0, 1 -> new Step.Split(side(), lasting(millisMax));
      case 2 -> new Step.CutOneWay(anyHost(), anyHost(), lasting(millisMax));
      default -> new Step.CutPair(anyHost(), anyHost(), lasting(millisMax));
    };
  }

  private Step processOrWord() {
    int host = anyHost();
    return switch (random.nextInt(15)) {
      case 0, 1 -> new Step.Freeze(host, lasting(60_000));
      case 2, 3, 4 -> new Step.Crash(host, fate(host), lasting(90_000));
      case 5 -> new Step.Leave(host, lasting(60_000));
      case 6 -> isNeeded(host) ? publish() : new Step.Retire(host);
      case 7 -> isNeeded(host) ? publish() : new Step.Depart(anyHost(), host);
      case 8 -> new Step.ClosePort(host, lasting(60_000));
      case 9 -> bogus(host);
      case 10 -> new Step.OwnDeath(host);
      case 11 ->
          new Step.Slander(
              host,
              anyHost(),
              SLANDERS.get(random.nextInt(SLANDERS.size())),
              random.nextInt(3),
              random.nextInt(4) == 0);
      case 12 -> new Step.Garbage(host, random.nextLong());
      case 13 -> new Step.Blink(host, anyHost(), random.nextInt(1, 1000));
      default -> publish();
    };
  }

  private Step publish() {
    return new Step.Publish(anyHost(), random.nextInt(1, 1000));
  }

  private Step bogus(int host) {
    int count = random.nextInt(1, 9);
    bogus += count;
    return new Step.Bogus(host, count);
  }

  private DiskFate fate(int host) {
    DiskFate fate = FATES.get(random.nextInt(FATES.size()));
    return fate == DiskFate.LOST && isNeeded(host) ? DiskFate.KEPT : fate;
  }

  private boolean isNeeded(int host) {
    return host < 2 || persistent.contains(host);
  }

  private int anyHost() {
    return random.nextInt(members);
  }

  private List<Integer> side() {
    List<Integer> side =
        IntStream.range(0, members).filter(_ -> random.nextBoolean()).boxed().toList();
    return side.isEmpty() || side.size() == members ? List.of(anyHost()) : side;
  }

  private Duration lasting(int millisMax) {
    return Duration.ofMillis(random.nextInt(500, millisMax));
  }

  // ---- playing the script ----

  private void apply(Simulation ring, Step step) {
    switch (step) {
      case Step.Split(List<Integer> indices, Duration lasting) -> {
        List<Host> side = indices.stream().map(ring::host).toList();
        List<Host> rest = ring.hosts().stream().filter(host -> !side.contains(host)).toList();
        ring.network().split(side, rest);
        ring.schedule(lasting, "mend the split", () -> ring.network().mendAll());
      }
      case Step.CutOneWay(int from, int to, Duration lasting) -> {
        ring.network().cutOneWay(ring.host(from), ring.host(to));
        ring.schedule(
            lasting, "mend", () -> ring.network().mendOneWay(ring.host(from), ring.host(to)));
      }
      case Step.CutPair(int one, int other, Duration lasting) -> {
        ring.network().cut(ring.host(one), ring.host(other));
        ring.schedule(lasting, "mend", () -> ring.network().mend(ring.host(one), ring.host(other)));
      }
      case Step.Clog(double loss, Duration lasting) -> {
        ring.network().become(conditions.withLoss(loss));
        ring.schedule(lasting, "unclog", () -> unclog(ring));
      }
      case Step.Freeze(int host, Duration lasting) -> {
        ring.freeze(ring.host(host));
        ring.schedule(lasting, "resume " + host, () -> ring.resume(ring.host(host)));
      }
      case Step.Crash(int host, DiskFate fate, Duration lasting) -> {
        ring.crash(ring.host(host));
        ring.schedule(lasting, "restart " + host, () -> ring.start(ring.host(host), fate));
      }
      case Step.Blink(int host, int speaker, int number) -> {
        publish(ring, ring.host(speaker), number);
        ring.schedule(TOLD, "crash " + host, () -> ring.crash(ring.host(host)));
        ring.schedule(TOLD.plus(BLINK), "restart " + host, () -> ring.start(ring.host(host)));
      }
      case Step.Leave(int host, Duration lasting) -> {
        ring.leave(ring.host(host));
        ring.schedule(lasting.plusSeconds(3), "return " + host, () -> ring.start(ring.host(host)));
      }
      case Step.Retire(int host) -> ring.retire(ring.host(host));
      case Step.Depart(int at, int host) -> ring.depart(ring.host(at), ring.host(host).id());
      case Step.ClosePort(int host, Duration lasting) -> {
        ring.closeGossipPort(ring.host(host));
        ring.schedule(lasting, "open port", () -> ring.openGossipPort(ring.host(host)));
      }
      case Step.Publish(int host, int number) -> publish(ring, ring.host(host), number);
      case Step.Bogus(int host, int count) -> bogus(ring, ring.host(host), count);
      case Step.OwnDeath(int host) -> ownDeath(ring, ring.host(host));
      case Step.Slander slander -> slander(ring, slander);
      case Step.Garbage(int host, long content) -> garbage(ring, ring.host(host), content);
    }
  }

  private void unclog(Simulation ring) {
    if (!mended) {
      ring.network().become(conditions);
    }
  }

  private static void publish(Simulation ring, Host host, int number) {
    ServiceGroup group = new ServiceGroup("web.group" + number % 3);
    long version = ring.nowNanos();
    Rumor rumor =
        switch (number % 4) {
          case 0 ->
              new ServiceConfigRumor(
                  host.id(), group, version, false, Bytes.utf8("number = " + number));
          case 1 ->
              new ServiceFileRumor(
                  host.id(),
                  group,
                  version,
                  false,
                  "file" + number,
                  Bytes.utf8("x".repeat(number)));
          default ->
              new ServiceRumor(
                  host.id(),
                  host.id(),
                  group,
                  version,
                  true,
                  "core/web/1.0/20260101000000",
                  Bytes.utf8("port = " + number),
                  new SysInfo(
                      host.endpoint().address(),
                      "host",
                      "0.0.0.0",
                      9638,
                      "0.0.0.0",
                      9631,
                      "",
                      9632),
                  0);
        };
    ring.publish(host, rumor);
  }

  private static final Endpoint STRANGER = new Endpoint("192.0.2.66", 40_000);

  /** An address of no host. */
  private static final String NOWHERE = "198.51.100.9";

  private static Swim fromStranger(List<Membership> membership) {
    Member stranger = Member.of("5" + "0".repeat(31), 0, "", STRANGER.port());
    return new Swim.Ping(stranger, Optional.empty(), membership);
  }

  private static void bogus(Simulation ring, Host host, int count) {
    List<Membership> membership = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = HEX.toHexDigits(ring.nowNanos()) + HEX.toHexDigits((long) i);
      Member member = Member.of(id, i, "198.51.100." + (10 + i), 9638);
      membership.add(new Membership(member, HEALTHS.get(i % HEALTHS.size())));
    }
    ring.forge(host, STRANGER, fromStranger(membership));
  }

  private static void ownDeath(Simulation ring, Host host) {
    Member victim =
        Member.of(host.id(), Member.INCARNATION_MAX, host.endpoint().address(), Simulation.PORT);
    ring.forge(host, STRANGER, fromStranger(List.of(new Membership(victim, Health.CONFIRMED))));
  }

  private static void slander(Simulation ring, Step.Slander slander) {
    Host about = ring.host(slander.about());
    Member victim =
        new Member(
            about.id(),
            atMostSayable(about.incarnation(), slander.above()),
            slander.misplaced() ? NOWHERE : about.endpoint().address(),
            Simulation.PORT,
            Simulation.PORT,
            about.isPersistent(),
            false,
            false);
    ring.forge(
        ring.host(slander.host()),
        STRANGER,
        fromStranger(List.of(new Membership(victim, slander.health()))));
  }

  private static long atMostSayable(long incarnation, int above) {
    return Long.compareUnsigned(incarnation, Member.INCARNATION_MAX - above) > 0
        ? incarnation
        : incarnation + above;
  }

  private static void garbage(Simulation ring, Host host, long content) {
    SplittableRandom random = new SplittableRandom(content);
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    ring.forge(host, STRANGER, bytes);
  }

  // ---- the end ----

  /**
   * What one well member stores and another does not. Services of members that are gone are left
   * out: they are no longer told to anybody (butterfly.md 6.4).
   */
  private static Optional<String> otherRumors(Simulation ring) {
    List<Host> well = ring.wellHosts();
    List<String> wellIds = well.stream().map(Host::id).toList();
    TreeMap<String, Host> seen = new TreeMap<>();
    for (Host host : well) {
      RingState state = host.view().state();
      List<String> rumors = new ArrayList<>();
      state.services().stream()
          .filter(service -> wellIds.contains(service.memberId()))
          .forEach(service -> rumors.add(service.toString()));
      state.serviceConfigs().forEach(config -> rumors.add(config.toString()));
      state.serviceFiles().forEach(file -> rumors.add(file.toString()));
      rumors.sort(Comparator.naturalOrder());
      seen.putIfAbsent(String.join("\n", rumors), host);
    }
    return seen.size() <= 1
        ? Optional.empty()
        : Optional.of(
            seen.entrySet().stream()
                .map(entry -> entry.getValue() + " has\n" + entry.getKey())
                .collect(java.util.stream.Collectors.joining("\n")));
  }

  private String describe() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%d members, permanent peers %s, share limit %d, %s%n"
            .formatted(members, persistent, settings.shareLimit(), conditions));
    for (Timed timed : script) {
      text.append("  +%s %s%n".formatted(timed.at(), timed.step()));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return "seed " + seed + ": " + describe();
  }
}
