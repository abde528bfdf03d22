package dev.monarch.simulator;

import dev.monarch.butterfly.Input;
import dev.monarch.butterfly.Settings;
import dev.monarch.butterfly.election.Explanation;
import dev.monarch.butterfly.election.Explanation.Situation;
import dev.monarch.simulator.Simulation.DiskFate;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Health;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.SysInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A ring with a group of leader topology in it, and a script of faults, all drawn from a seed; then
 * everything is mended, and the group must have one leader wherever it has a quorum.
 *
 * <p>All members are permanent peers, so that a ring heals by itself; what {@link RandomScenario}
 * searches is not searched again. A member that has started publishes its service and stands for
 * election, as a Supervisor would. {@link ElectionWatch} looks on.
 *
 * <p>At the end, when the members agree about each other, everybody in the ring has to agree about
 * the group within {@link #ELECTED_LIMIT}: a living member of the group leads, if more than half of
 * those that have not departed are alive; else nobody does, and everybody in the group says so. And
 * if it has a leader, that one is killed, and the same is demanded again.
 *
 * <p>Of a ring with originals in it less can be demanded ({@link ElectionEnding}): what {@link
 * ElectionWatch} watches, save that an original may go on believing in another leader; that the
 * ring heals; and that wherever there is no agreement it is an original that does not do its part,
 * while all of ours in the group are of one mind.
 */
public final class ElectionScenario {
  /** The group that elects. */
  public static final ServiceGroup GROUP = new ServiceGroup("redis.default");

  /** From agreement about the members to agreement about the leader: twenty protocol periods. */
  static final Duration ELECTED_LIMIT = Settings.stock().protocolPeriod().multipliedBy(20);

  private static final Duration OFTEN = Duration.ofMillis(500);
  private static final String ONLY_NOW = "it does only now";
  private static final Duration FROZEN_RETRY = Duration.ofSeconds(1);
  private static final Duration HEALED_LIMIT = Duration.ofMinutes(8);
  private static final List<DiskFate> FATES = List.of(DiskFate.values());
  private static final List<Forgery> FORGERIES = List.of(Forgery.values());

  /** A fault, or something an operator or an enemy does. */
  sealed interface Step {
    record Split(List<Integer> side, Duration lasting) implements Step {}

    record CutOneWay(int from, int to, Duration lasting) implements Step {}

    record CutPair(int one, int other, Duration lasting) implements Step {}

    record Clog(double loss, Duration lasting) implements Step {}

    record Freeze(int host, Duration lasting) implements Step {}

    record Crash(int host, DiskFate fate, Duration lasting) implements Step {}

    /** Whoever leads at that moment, so that elections are hit, and not only what precedes them. */
    record CrashLeader(DiskFate fate, Duration lasting) implements Step {}

    record Leave(int host, Duration lasting) implements Step {}

    record Retire(int host) implements Step {}

    record ClosePort(int host, Duration lasting) implements Step {}

    record NewElection(int host) implements Step {}

    record StepDown() implements Step {}

    record Suitable(int host, long suitability) implements Step {}

    /** A record from nowhere. */
    record Forge(int at, Forgery forgery, int named) implements Step {}
  }

  /** Lies about an election. */
  enum Forgery {
    GREATEST_TERM,
    GREATEST_SUITABILITY,
    LEADER_THAT_IS_NOBODY,
    LEADER_OUTSIDE_THE_GROUP,
    OTHER_LEADER,
    OLD_TERM,
    INVENTED_VOTES,
    GROUP_NOBODY_RUNS
  }

  /** Whose rules are followed. */
  private enum Kind {
    OURS,
    MIXED,
    ORIGINALS
  }

  private record Timed(Duration at, Step step) {}

  private final long seed;
  private final Kind kind;
  private final SplittableRandom random;
  private final int members;
  private final int grouped;
  private final Set<Integer> originals;
  private final NetworkConditions conditions;
  private final Duration startWithin;
  private final List<Duration> serviceStarts;
  private final List<Timed> script;
  private @Nullable Simulation simulation;

  private ElectionScenario(long seed, Kind kind) {
    this.seed = seed;
    this.kind = kind;
    this.random = new Randomness(seed).stream(kind == Kind.OURS ? "elections" : "mixed elections");
    this.grouped = random.nextInt(1, 6);
    this.members = grouped + random.nextInt(grouped == 1 ? 1 : 0, 4);
    this.conditions = conditions();
    this.startWithin = Duration.ofSeconds(random.nextInt(1, 8));
    this.serviceStarts =
        IntStream.range(0, grouped)
            .mapToObj(
                _ -> Duration.ofMillis(random.nextInt(random.nextInt(4) == 0 ? 60_000 : 3000)))
            .toList();
    this.script = script();
    this.originals =
        switch (kind) {
          case OURS -> Set.of();
          case MIXED -> someOf(members);
          case ORIGINALS -> allOf(members);
        };
  }

  /** A ring of ours alone. */
  public static ElectionScenario of(long seed) {
    return new ElectionScenario(seed, Kind.OURS);
  }

  /** A ring in which some members follow the original's rules, some of a group and not all. */
  public static ElectionScenario mixed(long seed) {
    return new ElectionScenario(seed, Kind.MIXED);
  }

  /** A ring in which all do, to compare: what is drawn is what {@link #mixed} draws. */
  public static ElectionScenario originals(long seed) {
    return new ElectionScenario(seed, Kind.ORIGINALS);
  }

  /** The command that repeats the run of a seed. */
  private String replayCommand() {
    return "mvn -q -pl simulator -am test -Dtest="
        + (kind == Kind.OURS ? "ElectionSeedTest" : "MixedElectionSeedTest")
        + " -Dseed="
        + seed;
  }

  /**
   * Runs it to its end.
   *
   * @return always {@link ElectionEnding.Agreed} of a ring of ours
   * @throws SimulationFailure if an invariant breaks, or the group does not end as it has to
   */
  public ElectionEnding run() {
    Simulation ring =
        Simulation.builder(seed)
            .members(members)
            .settings(this::settings)
            .network(conditions)
            .persistent(_ -> true)
            .peers(this::everybodyElse)
            .startWithin(startWithin)
            .onceStarted(this::startService)
            .replayedBy(replayCommand())
            .unwatched()
            .build();
    this.simulation = ring;
    ring.describe(describe());
    ElectionWatch watch = new ElectionWatch(ring, GROUP, this::isOriginal);
    for (Timed timed : script) {
      ring.schedule(timed.at(), timed.step().toString(), () -> apply(ring, watch, timed.step()));
    }
    ring.runFor(script.getLast().at().plus(Duration.ofSeconds(random.nextInt(1, 40))));
    ring.mend();
    await(ring, ring::disagreement, HEALED_LIMIT, "the ring does not heal");
    Optional<ElectionEnding> stuck = stuck(ring, "the group does not agree");
    if (stuck.isEmpty() && killTheLeader(ring)) {
      stuck = stuck(ring, "the group does not replace its leader");
    }
    return stuck.orElseGet(() -> new ElectionEnding.Agreed(watch.tolerated()));
  }

  private boolean killTheLeader(Simulation ring) {
    Optional<Host> leader = leader(ring);
    if (leader.isEmpty()) {
      return false;
    }
    ring.retire(leader.get());
    await(
        ring,
        () ->
            ring.wellHosts().stream().allMatch(host -> isDead(host, leader.get()))
                ? Optional.empty()
                : Optional.of(leader.get() + " is not held dead"),
        HEALED_LIMIT,
        "the leader's death is not known");
    return true;
  }

  private static String record(Host host) {
    return host.view().state().elections().stream()
        .filter(election -> election.group().equals(GROUP.text()))
        .map(Election::toString)
        .findFirst()
        .orElse("none");
  }

  private static boolean isDead(Host host, Host other) {
    return host.healthOf(other).filter(health -> health.isWorseThan(Health.SUSPECT)).isPresent();
  }

  /** Empty once all agree; of a ring of ours nothing else is accepted. */
  private Optional<ElectionEnding> stuck(Simulation ring, String complaint) {
    if (kind == Kind.OURS) {
      await(ring, () -> dispute(ring), ELECTED_LIMIT, complaint);
      return Optional.empty();
    }
    if (ring.runUntil(() -> dispute(ring).isEmpty(), ELECTED_LIMIT, OFTEN).isPresent()) {
      return Optional.empty();
    }
    String dispute = complaint + ": " + dispute(ring).orElse(ONLY_NOW) + records(ring);
    boolean deceived = script.stream().anyMatch(timed -> timed.step() instanceof Step.Forge);
    return Optional.of(new ElectionEnding.Stuck(want(ring, dispute), deceived, dispute));
  }

  /** What an original does not do; if that is not what is missing, ours are to blame. */
  private ElectionEnding.Want want(Simulation ring, String dispute) {
    List<Situation> ours =
        ring.wellHosts().stream()
            .filter(this::isGrouped)
            .filter(host -> !isOriginal(host))
            .map(host -> Explanation.of(host.view(), GROUP).situation())
            .distinct()
            .toList();
    if (ours.isEmpty()) {
      return ElectionEnding.Want.EVERYTHING;
    }
    if (ours.size() > 1) {
      throw ring.complaint("ours are of several minds: " + dispute);
    }
    return switch (ours.getFirst()) {
      case Situation.Led _ -> ElectionEnding.Want.A_FOLLOWER;
      case Situation.Voting(String _, List<String> missing)
          when missing.stream().anyMatch(id -> isOriginal(ring, id)) ->
          ElectionEnding.Want.A_VOTE;
      case Situation.Voting(String candidate, List<String> _) when isOriginal(ring, candidate) ->
          ElectionEnding.Want.A_VICTORY;
      case Situation.Voting _,
          Situation.WithoutQuorum _,
          Situation.Bereft _,
          Situation.UnknownLeader _,
          Situation.NotElecting _,
          Situation.Unknown _ ->
          throw ring.complaint("no original is wanting: " + dispute);
    };
  }

  private boolean isOriginal(Host host) {
    return originals.contains(host.index());
  }

  private boolean isOriginal(Simulation ring, String id) {
    return ring.hosts().stream().anyMatch(host -> host.id().equals(id) && isOriginal(host));
  }

  private static String records(Simulation ring) {
    return ring.wellHosts().stream()
        .map(host -> "\n  " + host + " " + host.id() + " has " + record(host))
        .collect(Collectors.joining());
  }

  private static void await(
      Simulation ring, Supplier<Optional<String>> trouble, Duration limit, String complaint) {
    if (ring.runUntil(() -> trouble.get().isEmpty(), limit, OFTEN).isEmpty()) {
      throw ring.complaint(complaint + ": " + trouble.get().orElse(ONLY_NOW) + records(ring));
    }
  }

  /** What is not as it has to be; empty if all is well. */
  private Optional<String> dispute(Simulation ring) {
    List<Host> well = ring.wellHosts();
    List<Host> group = well.stream().filter(this::isGrouped).toList();
    Optional<Explanation> first = Optional.empty();
    for (Host host : group) {
      Explanation seen = Explanation.of(host.view(), GROUP);
      boolean quorum = seen.counted() > 0 && seen.alive() >= seen.needed();
      if (quorum != seen.leaderId().isPresent()) {
        return Optional.of(host + ": " + seen);
      }
      if (!quorum && !(seen.situation() instanceof Situation.WithoutQuorum)) {
        return Optional.of(host + ": " + seen);
      }
      if (seen.leaderId().filter(id -> isWellMember(ring, id)).isEmpty() && quorum) {
        return Optional.of(host + " follows somebody else: " + seen);
      }
      first = first.isEmpty() ? Optional.of(seen) : first;
    }
    if (first.filter(seen -> seen.leaderId().isPresent()).isPresent()) {
      Explanation expected = first.get();
      for (Host host : well) {
        Explanation seen = Explanation.of(host.view(), GROUP);
        if (!seen.leaderId().equals(expected.leaderId()) || !seen.term().equals(expected.term())) {
          return Optional.of("%s: %s, and not %s".formatted(host, seen, expected));
        }
      }
    }
    return Optional.empty();
  }

  private boolean isWellMember(Simulation ring, String id) {
    return ring.wellHosts().stream().anyMatch(host -> host.id().equals(id) && isGrouped(host));
  }

  private boolean isGrouped(Host host) {
    return host.index() < grouped;
  }

  private Optional<Host> leader(Simulation ring) {
    return ring.wellHosts().stream()
        .filter(this::isGrouped)
        .filter(
            host -> Explanation.of(host.view(), GROUP).leaderId().equals(Optional.of(host.id())))
        .findFirst();
  }

  // ---- services ----

  private List<Integer> everybodyElse(int index) {
    return IntStream.range(0, members).filter(other -> other != index).boxed().toList();
  }

  /** As a Supervisor does: at once when it comes back, and some time after its first start. */
  private void startService(Host host) {
    Simulation ring = Objects.requireNonNull(simulation);
    if (!isGrouped(host)) {
      return;
    }
    Duration first = serviceStarts.get(host.index());
    if (ring.now().compareTo(first) >= 0) {
      publishAndStand(ring, host);
    } else {
      int generation = host.generation;
      ring.schedule(
          first.minus(ring.now()),
          "start the service of " + host,
          () -> {
            if (host.isUp() && host.generation == generation) {
              publishAndStand(ring, host);
            }
          });
    }
  }

  private static void publishAndStand(Simulation ring, Host host) {
    if (host.isFrozen()) {
      ring.schedule(FROZEN_RETRY, "try again", () -> publishAndStand(ring, host));
    }
    if (!host.isWell()) {
      return;
    }
    long incarnation =
        host.view().state().services().stream()
                .filter(service -> service.group().equals(GROUP))
                .filter(service -> service.memberId().equals(host.id()))
                .mapToLong(ServiceRumor::incarnation)
                .findFirst()
                .orElse(0)
            + 1;
    ring.publish(host, service(host.id(), incarnation));
    ring.hand(host, new Input.StandForElection(GROUP));
  }

  /** A service of the group, as its owner tells of it. */
  public static ServiceRumor service(String memberId, long incarnation) {
    return new ServiceRumor(
        memberId,
        memberId,
        GROUP,
        incarnation,
        false,
        "core/redis/4.0.14/20200421191514",
        Bytes.EMPTY,
        new SysInfo("0.0.0.0", "host", "0.0.0.0", 9638, "0.0.0.0", 9631, "", 9632),
        0);
  }

  // ---- making the script ----

  private NetworkConditions conditions() {
    return switch (random.nextInt(4)) {
      case 0, 1 -> NetworkConditions.quiet();
      case 2 -> NetworkConditions.quiet().withLoss(random.nextDouble() * 0.1);
      default -> NetworkConditions.rough(random.nextDouble() * 0.1);
    };
  }

  private List<Timed> script() {
    List<Timed> timed = new ArrayList<>();
    long millis = random.nextInt(500, 25_000);
    for (int steps = random.nextInt(1, 9); steps > 0; steps--) {
      timed.add(new Timed(Duration.ofMillis(millis), step()));
      millis += random.nextInt(3) == 0 ? random.nextInt(200) : random.nextInt(30_000);
    }
    return List.copyOf(timed);
  }

  private Step step() {
    return switch (random.nextInt(24)) {
      case 0, 1, 2 -> new Step.Split(side(), lasting(60_000));
      case 3 -> new Step.CutOneWay(anyHost(), anyHost(), lasting(60_000));
      case 4, 5 -> new Step.CutPair(anyHost(), anyHost(), lasting(60_000));
      case 6 -> new Step.Clog(random.nextDouble() * 0.5, lasting(30_000));
      case 7, 8 -> new Step.Freeze(anyHost(), lasting(60_000));
      case 9, 10 -> new Step.Crash(anyHost(), fate(), lasting(60_000));
      case 11, 12, 13 -> new Step.CrashLeader(fate(), lasting(60_000));
      case 14 -> new Step.Leave(anyHost(), lasting(40_000));
      case 15 -> new Step.Retire(anyHost());
      case 16 -> new Step.ClosePort(anyHost(), lasting(40_000));
      case 17, 18 -> new Step.NewElection(random.nextInt(grouped));
      case 19, 20 -> new Step.StepDown();
      case 21 -> new Step.Suitable(random.nextInt(grouped), random.nextInt(10));
      default ->
          new Step.Forge(anyHost(), FORGERIES.get(random.nextInt(FORGERIES.size())), anyHost());
    };
  }

  private DiskFate fate() {
    return random.nextBoolean() ? DiskFate.KEPT : FATES.get(random.nextInt(FATES.size()));
  }

  private int anyHost() {
    return random.nextInt(members);
  }

  private List<Integer> side() {
    List<Integer> side =
        IntStream.range(0, members).filter(_ -> random.nextBoolean()).boxed().toList();
    return side.isEmpty() || side.size() == members ? List.of(anyHost()) : side;
  }

  /** In a group of several there is one of each kind. */
  private Set<Integer> someOf(int members) {
    Set<Integer> some = new TreeSet<>();
    for (int index = 0; index < members; index++) {
      if (random.nextBoolean()) {
        some.add(index);
      }
    }
    int one = random.nextInt(grouped);
    int other = (one + 1) % grouped;
    if (one != other) {
      some.add(one);
      some.remove(other);
    }
    return some;
  }

  private static Set<Integer> allOf(int members) {
    return IntStream.range(0, members).boxed().collect(Collectors.toCollection(TreeSet::new));
  }

  private Settings settings(int index) {
    return originals.contains(index) ? Settings.stock() : Settings.standard();
  }

  private Duration lasting(int millisMax) {
    return Duration.ofMillis(random.nextInt(500, millisMax));
  }

  // ---- playing the script ----

  private void apply(Simulation ring, ElectionWatch watch, Step step) {
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
        ring.schedule(lasting, "unclog", () -> ring.network().become(conditions));
      }
      case Step.Freeze(int host, Duration lasting) -> {
        ring.freeze(ring.host(host));
        ring.schedule(lasting, "resume " + host, () -> ring.resume(ring.host(host)));
      }
      case Step.Crash(int host, DiskFate fate, Duration lasting) ->
          crash(ring, ring.host(host), fate, lasting);
      case Step.CrashLeader(DiskFate fate, Duration lasting) ->
          leader(ring).ifPresent(host -> crash(ring, host, fate, lasting));
      case Step.Leave(int host, Duration lasting) -> {
        ring.leave(ring.host(host));
        ring.schedule(lasting.plusSeconds(3), "return " + host, () -> ring.start(ring.host(host)));
      }
      case Step.Retire(int host) -> ring.retire(ring.host(host));
      case Step.ClosePort(int host, Duration lasting) -> {
        ring.closeGossipPort(ring.host(host));
        ring.schedule(lasting, "open port", () -> ring.openGossipPort(ring.host(host)));
      }
      case Step.NewElection(int host) ->
          ring.hand(ring.host(host), new Input.RestartElection(GROUP));
      case Step.StepDown() ->
          leader(ring)
              .filter(host -> kind == Kind.OURS || !isOriginal(host))
              .ifPresent(host -> ring.hand(host, new Input.StepDown(GROUP)));
      case Step.Suitable(int host, long suitability) ->
          ring.hand(ring.host(host), new Input.SuitabilityKnown(GROUP, suitability));
      case Step.Forge(int at, Forgery forgery, int named) -> {
        watch.expectForgeries();
        ring.forge(ring.host(at), forged(ring, forgery, ring.host(named)));
      }
    }
  }

  private static void crash(Simulation ring, Host host, DiskFate fate, Duration lasting) {
    ring.crash(host);
    ring.schedule(lasting, "restart " + host.index(), () -> ring.start(host, fate));
  }

  private Rumor forged(Simulation ring, Forgery forgery, Host named) {
    long term =
        ring.wellHosts().stream()
            .flatMap(host -> host.view().state().elections().stream())
            .filter(election -> election.group().equals(GROUP.text()))
            .mapToLong(Election::term)
            .max()
            .orElse(0);
    String nobody = "f".repeat(32);
    String outsider = ring.host(members - 1).id();
    List<String> ghosts = IntStream.range(0, 50).mapToObj(n -> "ghost" + n).toList();
    Election election =
        switch (forgery) {
          case GREATEST_TERM -> finished(named.id(), -1, 0);
          case GREATEST_SUITABILITY ->
              new Election(nobody, GROUP.text(), term, -1, ElectionStatus.RUNNING, List.of(nobody));
          case LEADER_THAT_IS_NOBODY -> finished(nobody, term + 1, 0);
          case LEADER_OUTSIDE_THE_GROUP -> finished(outsider, term + 1, 0);
          case OTHER_LEADER -> finished(named.id(), term, -1);
          case OLD_TERM -> finished(named.id(), Math.max(0, term - 1), 0);
          case INVENTED_VOTES ->
              new Election(named.id(), GROUP.text(), term, 5, ElectionStatus.RUNNING, ghosts);
          case GROUP_NOBODY_RUNS ->
              new Election(
                  named.id(), "nobody.runs", term, 5, ElectionStatus.RUNNING, List.of(nobody));
        };
    return new ElectionRumor(election);
  }

  private static Election finished(String candidate, long term, long suitability) {
    return new Election(
        candidate, GROUP.text(), term, suitability, ElectionStatus.FINISHED, List.of(candidate));
  }

  // ---- telling ----

  private String describe() {
    StringBuilder text = new StringBuilder();
    text.append("%d members, %d in the group, %s%n".formatted(members, grouped, conditions));
    if (!originals.isEmpty()) {
      text.append("  originals: %s%n".formatted(new TreeSet<>(originals)));
    }
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
