package dev.monarch.simulator;

import dev.monarch.butterfly.Butterfly;
import dev.monarch.butterfly.Identity;
import dev.monarch.butterfly.Input;
import dev.monarch.butterfly.Output;
import dev.monarch.butterfly.RingState;
import dev.monarch.butterfly.Settings;
import dev.monarch.butterfly.View;
import dev.monarch.butterfly.rumor.RumorKey;
import dev.monarch.simulator.Happening.ConnectEnds;
import dev.monarch.simulator.Happening.DatagramArrives;
import dev.monarch.simulator.Happening.DepartureDue;
import dev.monarch.simulator.Happening.LinkAcknowledges;
import dev.monarch.simulator.Happening.LinkBreaks;
import dev.monarch.simulator.Happening.LinkDelivers;
import dev.monarch.simulator.Happening.LinkQuestioned;
import dev.monarch.simulator.Happening.PersistDue;
import dev.monarch.simulator.Happening.PushEnds;
import dev.monarch.simulator.Happening.RumorForged;
import dev.monarch.simulator.Happening.ScriptStep;
import dev.monarch.simulator.Happening.StopDue;
import dev.monarch.simulator.Happening.TimerFires;
import dev.monarch.wire.Decoded;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.RumorCodec;
import dev.monarch.wire.Swim;
import dev.monarch.wire.SwimCodec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A ring in virtual time.
 *
 * <p>Time stands still while an event is handled and then jumps to the next one. An event is what
 * reaches a process: a datagram, a rumor, the end of a push, a timer; or a step of the script. Its
 * machine is asked, its outputs are carried out in order, the invariants are checked, and what
 * follows from the outputs is put into the queue with the delay the network gives it. Datagrams and
 * rumors cross the network as bytes: encoded by the production codec where they are sent, decoded
 * by it where they arrive.
 *
 * <p>Everything random comes from the seed, each purpose with its own stream. Two runs of one seed
 * have the same {@link #hash()}, which covers every event and every output.
 *
 * <p>A host's process can be {@linkplain #freeze frozen} (it does nothing, the kernel keeps what
 * its buffers hold, and all of that is handled in one instant when it {@linkplain #resume goes
 * on}), {@linkplain #crash killed} (only what was on disk survives), {@linkplain #start started}
 * again, with its disk, a stale one or none, and {@linkplain #leave asked to leave}.
 */
public final class Simulation {
  /** The UDP and TCP port of every member. */
  public static final int PORT = 9638;

  /** The most hosts there can be: three octets of 10.0.0.0/8, less the network's own address. */
  public static final int HOSTS_MAX = 65_000;

  private static final long PERSIST_NANOS = Duration.ofSeconds(30).toNanos();

  /** A member that leaves goes on answering for so long, while its services would stop. */
  private static final long LEAVE_NANOS = Duration.ofSeconds(2).toNanos();

  /** An operator's departure is obeyed at the main loop's next second (butterfly.md 4.10). */
  private static final long DEPARTURE_NANOS = Duration.ofSeconds(1).toNanos();

  /** A timer fires late by up to this much. */
  private static final long TIMER_SLACK_NANOS = 200_000;

  /** What becomes of the disk while a host is down. */
  public enum DiskFate {
    /** Nothing: the last written state and incarnation are there. */
    KEPT,
    /** The rumor file is an old one; the incarnation is not. */
    STALE,
    /** A whole backup was put back, incarnation and all. */
    BACKUP,
    /** It is empty: another member begins. */
    LOST
  }

  private final long seed;
  private final String replay;
  private final Settings settings;
  private final IntFunction<Settings> settingsOf;
  private final Consumer<Host> firstDeed;
  private final boolean watched;
  private final Randomness randomness;
  private final SplittableRandom ids;
  private final SplittableRandom scheduling;
  private final Map<Endpoint, Host> hostsByEndpoint = new HashMap<>();
  private final Map<String, Host> hostsById = new HashMap<>();
  private final EventQueue queue = new EventQueue();
  private final EventHash hash = new EventHash();
  private final Trace trace = new Trace(hostsById::get, hostsByEndpoint::get);
  private final List<Host> hosts;
  private final Network network;
  private final TcpPlane tcp;
  private final Invariants invariants;
  private final List<Consumer<Sent>> wiretaps = new ArrayList<>();
  private final List<Consumer<Told>> rumorTaps = new ArrayList<>();
  private final List<Consumer<Stored>> storeTaps = new ArrayList<>();
  private String script = "";
  private long now;
  private long events;
  private long datagrams;
  private long refused;

  private Simulation(Builder builder) {
    seed = builder.seed;
    replay = builder.replay;
    settings = builder.settings;
    settingsOf = builder.settingsOf.orElse(_ -> builder.settings);
    firstDeed = builder.firstDeed;
    watched = builder.watched;
    randomness = new Randomness(seed);
    ids = randomness.stream("ids");
    scheduling = randomness.stream("scheduling");
    network = new Network(builder.members, builder.conditions, randomness.stream("network"));
    tcp = new TcpPlane(this, network);
    invariants = new Invariants(this, settings.shareLimit());
    SplittableRandom places = randomness.stream("places");
    List<Host> all = new ArrayList<>(builder.members);
    for (int i = 0; i < builder.members; i++) {
      Host host = newHost(builder, i, places);
      all.add(host);
      hostsByEndpoint.put(host.endpoint(), host);
      hostsById.put(host.id(), host);
    }
    hosts = List.copyOf(all);
    if (builder.acquainted) {
      acquaint();
    }
    long stagger = builder.startWithin.toNanos();
    for (Host host : hosts) {
      if (builder.autoStart) {
        long at = host.index() == 0 || stagger == 0 ? 0 : scheduling.nextLong(stagger);
        at(at, new ScriptStep("start " + host, () -> start(host, DiskFate.KEPT)));
      }
    }
  }

  /** What a member put on the network, for a test that looks at the wire. */
  public record Sent(long atNanos, Host from, Endpoint to, Swim message) {}

  /** A rumor a member began to push to another one, for a test that counts them. */
  public record Told(long atNanos, Host from, String memberId, Rumor rumor) {}

  /**
   * A rumor a member stored, for a test that watches what it believes.
   *
   * @param cause what the member was handed when it did
   * @param next what it did after that, still for this cause
   */
  public record Stored(long atNanos, Host by, Rumor rumor, Input cause, List<Output> next) {}

  /** How a simulation begins. */
  public static final class Builder {
    private final long seed;
    private int members = 3;
    private Settings settings = Settings.stock();
    private Optional<IntFunction<Settings>> settingsOf = Optional.empty();
    private Consumer<Host> firstDeed = _ -> {};
    private NetworkConditions conditions = NetworkConditions.quiet();
    private Duration startWithin = Duration.ofSeconds(1);
    private IntFunction<List<Integer>> peers = index -> index == 0 ? List.of() : List.of(0);
    private java.util.function.IntPredicate persistent = _ -> false;
    private boolean autoStart = true;
    private boolean acquainted;
    private boolean watched = true;
    private String replay = "";

    private Builder(long seed) {
      this.seed = seed;
    }

    public Builder members(int count) {
      if (count < 1 || count > HOSTS_MAX) {
        throw new IllegalArgumentException(
            "expected 1 to " + HOSTS_MAX + " members, found " + count);
      }
      members = count;
      return this;
    }

    public Builder settings(Settings newSettings) {
      settings = newSettings;
      return this;
    }

    /** Each host's own settings, by index, for a ring of several kinds. */
    public Builder settings(IntFunction<Settings> settingsOfHost) {
      settingsOf = Optional.of(settingsOfHost);
      return this;
    }

    /** What every member does each time it has started, such as to start its services. */
    public Builder onceStarted(Consumer<Host> deed) {
      firstDeed = deed;
      return this;
    }

    public Builder network(NetworkConditions newConditions) {
      conditions = newConditions;
      return this;
    }

    /** Which hosts carry permanent peers; none if not said. */
    public Builder persistent(java.util.function.IntPredicate isPersistent) {
      persistent = isPersistent;
      return this;
    }

    /** Each host's initial peers, by index; host 0 for all others if not said. */
    public Builder peers(IntFunction<List<Integer>> peersOf) {
      peers = peersOf;
      return this;
    }

    /** All members start within this time, host 0 first. */
    public Builder startWithin(Duration time) {
      startWithin = time;
      return this;
    }

    /** No member starts by itself. */
    public Builder startedByTheTest() {
      autoStart = false;
      return this;
    }

    /** Every disk already knows every member, as after a long life together. */
    public Builder acquainted() {
      acquainted = true;
      return this;
    }

    /** Without invariants: for measuring speed with many members. */
    public Builder unwatched() {
      watched = false;
      return this;
    }

    /** The command that repeats this run, told when it fails. */
    public Builder replayedBy(String command) {
      replay = command;
      return this;
    }

    public Simulation build() {
      return new Simulation(this);
    }
  }

  public static Builder builder(long seed) {
    return new Builder(seed);
  }

  private Host newHost(Builder builder, int index, SplittableRandom places) {
    List<Endpoint> peers = builder.peers.apply(index).stream().map(Simulation::endpointOf).toList();
    // A real clock of this kind starts anywhere, also below zero.
    long clockOffset =
        places.nextLong(-Duration.ofDays(1).toNanos(), Duration.ofDays(365).toNanos());
    return new Host(
        index,
        newId(),
        endpointOf(index),
        builder.persistent.test(index),
        places.nextBoolean(),
        peers,
        clockOffset,
        builder.members);
  }

  private static Endpoint endpointOf(int index) {
    int number = index + 1;
    return new Endpoint(
        "10.%d.%d.%d".formatted(number / 62_500, number / 250 % 250, number % 250 + 1), PORT);
  }

  private String newId() {
    return HexFormat.of().toHexDigits(ids.nextLong()) + HexFormat.of().toHexDigits(ids.nextLong());
  }

  private void acquaint() {
    List<Membership> everybody =
        hosts.stream()
            .map(
                host ->
                    new Membership(
                        new Member(
                            host.id(),
                            0,
                            host.endpoint().address(),
                            PORT,
                            PORT,
                            host.isPersistent(),
                            false,
                            false),
                        Health.ALIVE))
            .sorted(java.util.Comparator.comparing(membership -> membership.member().id()))
            .toList();
    RingState state =
        new RingState(everybody, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    hosts.forEach(host -> host.disk.store(state));
  }

  // ---- looking ----

  public long seed() {
    return seed;
  }

  public long nowNanos() {
    return now;
  }

  public Duration now() {
    return Duration.ofNanos(now);
  }

  /** A hash over every event and output so far. */
  public long hash() {
    return hash.value();
  }

  /** Events handled so far. */
  public long events() {
    return events;
  }

  /** Datagrams sent so far. */
  public long datagrams() {
    return datagrams;
  }

  /** Forged datagrams and rumors that the codec refused. */
  public long refused() {
    return refused;
  }

  public List<Host> hosts() {
    return hosts;
  }

  public Host host(int index) {
    return hosts.get(index);
  }

  public Network network() {
    return network;
  }

  public Settings settings() {
    return settings;
  }

  /** Shows every datagram that a member sends. */
  public void tapWire(Consumer<Sent> wiretap) {
    wiretaps.add(wiretap);
  }

  /** Shows every rumor that a member pushes, when the push begins. */
  public void tapRumors(Consumer<Told> tap) {
    rumorTaps.add(tap);
  }

  /** Shows every rumor that a member stores. */
  public void tapStores(Consumer<Stored> tap) {
    storeTaps.add(tap);
  }

  /** The hosts whose members take part and mean to go on. */
  public List<Host> wellHosts() {
    return hosts.stream().filter(Host::isWell).toList();
  }

  /** True if every well member other than this one holds it so. */
  public boolean everyoneHolds(Host subject, Health health) {
    return wellHosts().stream()
        .filter(host -> host != subject)
        .allMatch(host -> host.holds(subject, health));
  }

  /** True if every well member holds every other well member Alive, and nobody else. */
  public boolean isAgreed() {
    return disagreement().isEmpty();
  }

  /** The first thing on which the well members do not agree with what is; empty if none. */
  public Optional<String> disagreement() {
    for (Host host : hosts) {
      if (!host.isWell()) {
        continue;
      }
      for (Host other : hosts) {
        if (other == host) {
          continue;
        }
        if (other.isWell() != host.holds(other, Health.ALIVE)) {
          return Optional.of(
              "%s holds %s (%s, %s) as %s"
                  .formatted(
                      host,
                      other,
                      other.id(),
                      other.isWell() ? "well" : "not well",
                      host.healthOf(other)));
        }
      }
    }
    return Optional.empty();
  }

  @Nullable Host hostAt(Endpoint endpoint) {
    return hostsByEndpoint.get(endpoint);
  }

  @Nullable Host hostOf(String memberId) {
    return hostsById.get(memberId);
  }

  // ---- running ----

  /** Runs for this much virtual time. */
  public void runFor(Duration time) {
    long until = now + time.toNanos();
    while (queue.nextAt() <= until) {
      step();
    }
    now = until;
  }

  /**
   * Runs until the condition holds, looked at after every event.
   *
   * @return how long it took; empty if the limit came first
   */
  public Optional<Duration> runUntil(BooleanSupplier condition, Duration limit) {
    long start = now;
    long until = now + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (queue.nextAt() > until) {
        now = until;
        return Optional.empty();
      }
      step();
    }
    return Optional.of(Duration.ofNanos(now - start));
  }

  /** As {@link #runUntil}, with a condition that is dear and looked at only this often. */
  public Optional<Duration> runUntil(BooleanSupplier condition, Duration limit, Duration every) {
    long start = now;
    long until = now + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (now >= until) {
        return Optional.empty();
      }
      runFor(Duration.ofNanos(Math.min(every.toNanos(), until - now)));
    }
    return Optional.of(Duration.ofNanos(now - start));
  }

  /** Does this after a while. */
  public void schedule(Duration delay, String text, Runnable action) {
    after(delay.toNanos(), new ScriptStep(text, action));
  }

  /** Describes the script, told when the run fails. */
  void describe(String text) {
    script = text;
  }

  // ---- doing things to hosts ----

  /** Starts the member on a host that is down. */
  public void start(Host host, DiskFate fate) {
    if (host.isUp() || host.retired) {
      return;
    }
    switch (fate) {
      case KEPT -> {}
      case STALE -> host.disk.makeStateStale();
      case BACKUP -> host.disk.restoreBackup();
      case LOST -> {
        host.becomeAnother(newId());
        hostsById.put(host.id(), host);
      }
    }
    note("start", host);
    host.generation++;
    host.frozen = false;
    host.leaving = false;
    host.timerAt = Long.MAX_VALUE;
    Identity identity =
        new Identity(
            host.id(),
            host.disk.incarnation(),
            PORT,
            PORT,
            host.isPersistent(),
            host.knowsAddress() ? Optional.of(host.endpoint().address()) : Optional.empty(),
            true);
    Butterfly machine;
    try {
      machine =
          new Butterfly(
              identity,
              settingsOf.apply(host.index()),
              host.disk.state(),
              randomness.stream("machine", host.index(), host.generation),
              now + host.clockOffset);
    } catch (RuntimeException e) {
      throw failure("%s does not start from its disk".formatted(host), e);
    }
    host.machine = machine;
    invariants.started(host, machine);
    scheduleTimer(host, machine);
    after(PERSIST_NANOS, new PersistDue(host, host.generation));
    if (!host.peers.isEmpty()) {
      feed(host, new Input.PeersKnown(host.peers));
    }
    firstDeed.accept(host);
  }

  /** Starts the member with the disk it had. */
  public void start(Host host) {
    start(host, DiskFate.KEPT);
  }

  /** Kills the process; what was not on disk is gone. */
  public void crash(Host host) {
    if (host.isUp()) {
      note("crash", host);
      stop(host);
    }
  }

  /** Takes a host out of service for good. */
  public void retire(Host host) {
    crash(host);
    host.retired = true;
  }

  /** Stops the process without ending it. */
  public void freeze(Host host) {
    if (host.isWell()) {
      note("freeze", host);
      host.frozen = true;
    }
  }

  /** Lets a frozen process go on: all that its buffers hold is handled in this instant. */
  public void resume(Host host) {
    Butterfly machine = host.machine;
    if (!host.frozen || machine == null) {
      return;
    }
    note("resume", host);
    host.frozen = false;
    List<ArrayDeque<Happening>> buffers =
        new ArrayList<>(List.of(host.socketBuffer, host.streamBuffer, host.waiting));
    // The loop's clock and its readers wake up in any order.
    for (int i = buffers.size() - 1; i > 0; i--) {
      java.util.Collections.swap(buffers, i, scheduling.nextInt(i + 1));
    }
    for (ArrayDeque<Happening> buffer : buffers) {
      buffer.forEach(happening -> at(now, happening));
      buffer.clear();
    }
    host.timerAt = Long.MAX_VALUE;
    scheduleTimer(host, machine);
  }

  /** Asks the member to leave gracefully; it stops two seconds later, with all on disk. */
  public void leave(Host host) {
    if (host.isWell()) {
      note("leave", host);
      host.leaving = true;
      feed(host, new Input.Leave());
      after(LEAVE_NANOS, new StopDue(host, host.generation));
    }
  }

  /** Ends all faults: a quiet network, open ports, and every host that can be started is up. */
  public void mend() {
    network.mendAll();
    network.become(NetworkConditions.quiet());
    for (Host host : hosts) {
      openGossipPort(host);
      resume(host);
    }
    // Who is leaving leaves first.
    runFor(Duration.ofSeconds(4));
    hosts.forEach(this::start);
  }

  /** An operator at one host makes a member depart. */
  public void depart(Host at, String memberId) {
    if (at.isWell()) {
      note("depart " + memberId + " at", at);
      feed(at, new Input.Depart(memberId));
    }
  }

  /** The member on a host says something of its own. */
  public void publish(Host host, Rumor rumor) {
    if (host.isWell()) {
      note("publish", host);
      feed(host, new Input.Publish(rumor));
    }
  }

  /** The member on a host is handed something that its own process would hand it. */
  public void hand(Host host, Input input) {
    if (host.isWell()) {
      note(input.toString(), host);
      feed(host, input);
    }
  }

  /** Gives a host other initial peers, now and for later starts. */
  public void setPeers(Host host, List<Host> peers) {
    host.peers = peers.stream().map(Host::endpoint).toList();
    if (host.isWell()) {
      feed(host, new Input.PeersKnown(host.peers));
    }
  }

  /** Nothing listens on the host's TCP port any more; its UDP port goes on. */
  public void closeGossipPort(Host host) {
    host.gossipPortClosed = true;
    tcp.breakAllTo(host);
  }

  public void openGossipPort(Host host) {
    host.gossipPortClosed = false;
  }

  /** A datagram from nowhere, whatever its bytes. */
  public void forge(Host to, Endpoint source, byte[] payload) {
    after(network.datagramDelayNanos(), new DatagramArrives(to, source, Host.OUTSIDER, payload));
  }

  /** A well-formed datagram from nowhere. */
  public void forge(Host to, Endpoint source, Swim message) {
    forge(to, source, SwimCodec.encode(message));
  }

  /** A rumor from nowhere, over TCP. */
  public void forge(Host to, Rumor rumor) {
    after(network.steadyDelayNanos(), new RumorForged(to, RumorCodec.encode(rumor)));
  }

  // ---- events ----

  void at(long at, Happening happening) {
    queue.add(at, happening);
  }

  void after(long nanos, Happening happening) {
    queue.add(now + nanos, happening);
  }

  EventHash eventHash() {
    return hash;
  }

  private void step() {
    now = queue.nextAt();
    events++;
    switch (queue.poll()) {
      case DatagramArrives arrival -> datagramArrives(arrival);
      case TimerFires timer -> timerFires(timer);
      case ConnectEnds end -> tcp.connectEnds(end);
      case LinkDelivers due -> tcp.deliver(due);
      case LinkAcknowledges due -> tcp.acknowledge(due);
      case LinkQuestioned due -> tcp.question(due);
      case PushEnds end -> pushEnds(end);
      case LinkBreaks due -> linkBreaks(due);
      case RumorForged forged -> rumorArrives(forged.to(), forged.payload());
      case PersistDue due -> persist(due);
      case StopDue due -> stopDue(due);
      case DepartureDue due -> departureDue(due);
      case ScriptStep step -> {
        trace.note(now, "script: " + step.text());
        hash.add(step.text());
        step.action().run();
      }
    }
  }

  private void datagramArrives(DatagramArrives arrival) {
    Host host = arrival.to();
    if (!host.isUp() || !network.isOpen(arrival.from(), host.index())) {
      return;
    }
    if (host.frozen) {
      if (host.socketBuffer.size() < Host.SOCKET_BUFFER_DATAGRAMS) {
        host.socketBuffer.addLast(arrival);
      }
      return;
    }
    switch (SwimCodec.decode(arrival.payload())) {
      case Decoded.Accepted<Swim>(Swim message, int dropped) -> {
        if (dropped > 0 && arrival.from() != Host.OUTSIDER) {
          throw failure("host %d said what may not be said: %s".formatted(arrival.from(), message));
        }
        feed(host, new Input.DatagramHeard(arrival.source(), message));
      }
      case Decoded.Rejected<Swim> rejected -> refuse(arrival.from(), rejected);
    }
  }

  /** A rumor's bytes have crossed the network. */
  void rumorArrives(Host host, byte[] payload) {
    if (!host.isUp()) {
      return;
    }
    if (host.frozen) {
      host.streamBuffer.addLast(new RumorForged(host, payload));
      return;
    }
    switch (RumorCodec.decode(payload)) {
      case Decoded.Accepted<Rumor>(Rumor rumor, _) -> feed(host, new Input.RumorHeard(rumor));
      case Decoded.Rejected<Rumor> rejected -> refuse(Host.OUTSIDER, rejected);
    }
  }

  private void refuse(int from, Decoded.Rejected<?> rejected) {
    if (from != Host.OUTSIDER) {
      throw failure("a datagram of host %d is refused: %s".formatted(from, rejected));
    }
    refused++;
  }

  private void timerFires(TimerFires timer) {
    Host host = timer.host();
    Butterfly machine = host.machine;
    if (machine == null || host.generation != timer.generation() || host.frozen) {
      return;
    }
    if (host.timerAt > now) {
      return;
    }
    host.timerAt = Long.MAX_VALUE;
    if (deadline(host, machine) > now) {
      scheduleTimer(host, machine);
      return;
    }
    feed(host, new Input.TimePassed());
    if (deadline(host, machine) <= now) {
      throw failure("%s asks for an instant that has passed".formatted(host));
    }
  }

  private void pushEnds(PushEnds end) {
    Host host = end.host();
    if (!host.isUp() || host.generation != end.generation()) {
      return;
    }
    if (host.frozen) {
      host.waiting.addLast(end);
      return;
    }
    host.pushing.remove(end.memberId());
    invariants.pushEnded(host, end.memberId(), end.delivered());
    feed(host, new Input.PushEnded(end.pushId(), end.delivered()));
  }

  private void linkBreaks(LinkBreaks due) {
    Link link = due.link();
    if (!tcp.isHeardOf(due)) {
      return;
    }
    if (link.from.frozen) {
      link.from.waiting.addLast(due);
      return;
    }
    link.from.links.remove(link.memberId, link);
    feed(link.from, new Input.LinkLost(link.memberId));
  }

  private void persist(PersistDue due) {
    Host host = due.host();
    if (!host.isUp() || host.generation != due.generation()) {
      return;
    }
    if (!host.frozen) {
      persist(host);
    }
    after(PERSIST_NANOS, due);
  }

  private void persist(Host host) {
    View view = host.view();
    if (watched) {
      invariants.audit(host, view);
    }
    host.disk.store(view.state());
  }

  private void stopDue(StopDue due) {
    Host host = due.host();
    if (host.isUp() && host.generation == due.generation()) {
      persist(host);
      note("stop", host);
      stop(host);
    }
  }

  private void departureDue(DepartureDue due) {
    Host host = due.host();
    if (host.isUp() && host.generation == due.generation() && !host.leaving) {
      host.retired = true;
      leave(host);
    }
  }

  private void stop(Host host) {
    host.machine = null;
    host.generation++;
    host.frozen = false;
    host.leaving = false;
    host.socketBuffer.clear();
    host.streamBuffer.clear();
    host.waiting.clear();
    host.pushing.clear();
    host.doubted.clear();
    tcp.closeAllFrom(host);
    tcp.breakAllTo(host);
  }

  // ---- one machine ----

  private void feed(Host host, Input input) {
    Butterfly machine = host.machine;
    if (machine == null) {
      throw new IllegalStateException("expected a process on " + host + " for " + input);
    }
    hash.add(now);
    hash.add(host.index());
    List<Output> outputs;
    try {
      if (watched) {
        invariants.heard(host, input);
      }
      outputs = machine.handle(input, now + host.clockOffset);
    } catch (RuntimeException | StackOverflowError e) {
      trace.add(now, host.index(), input, List.of());
      throw failure("the machine of %s threw %s on %s".formatted(host, e, input), e);
    }
    trace.add(now, host.index(), input, outputs);
    for (int i = 0; i < outputs.size(); i++) {
      carryOut(host, input, outputs, i);
    }
    scheduleTimer(host, machine);
  }

  private void carryOut(Host host, Input input, List<Output> outputs, int place) {
    switch (outputs.get(place)) {
      case Output.Send send -> send(host, send, isRepeated(outputs, place));
      case Output.Push push -> {
        if (watched) {
          invariants.pushed(host, push);
        }
        hash.add(push.id());
        for (Consumer<Told> tap : rumorTaps) {
          push.rumors().forEach(rumor -> tap.accept(new Told(now, host, push.memberId(), rumor)));
        }
        tcp.push(host, push);
      }
      case Output.CloseLink close -> {
        hash.add(close.memberId());
        invariants.closed(host, close.memberId());
        tcp.close(host, close.memberId());
      }
      case Output.StoreIncarnation store -> {
        invariants.stored(host, store);
        hash.add(store.incarnation());
        host.disk.store(store.incarnation());
      }
      case Output.MemberChanged change -> {
        hash.add(change.member().id());
        hash.add(change.member().incarnation() * 8 + change.to().number());
        invariants.changed(host, input, change);
      }
      case Output.RumorStored stored -> {
        RumorKey key = RumorKey.of(stored.rumor());
        hash.add(key.kind().number());
        hash.add(key.key());
        hash.add(key.id());
        if (!storeTaps.isEmpty()) {
          List<Output> next = outputs.subList(place + 1, outputs.size());
          Stored told = new Stored(now, host, stored.rumor(), input, next);
          storeTaps.forEach(tap -> tap.accept(told));
        }
      }
      case Output.DepartureOrdered _ -> {
        hash.add(86);
        after(DEPARTURE_NANOS, new DepartureDue(host, host.generation));
      }
      case Output.OwnIdHeard heard -> hash.add(heard.source().address());
      case Output.ProbeEnded ended -> {
        hash.add(ended.memberId());
        hash.add(ended.answered() ? ended.durationNanos() : -1);
      }
    }
  }

  /** True if a request of the same probe has gone to another proxy just before. */
  private static boolean isRepeated(List<Output> outputs, int place) {
    return place > 0
        && outputs.get(place) instanceof Output.Send(_, Swim.PingReq request)
        && outputs.get(place - 1) instanceof Output.Send(_, Swim.PingReq earlier)
        && request.target().id().equals(earlier.target().id());
  }

  private void send(Host host, Output.Send send, boolean repeated) {
    datagrams++;
    byte[] payload = SwimCodec.encode(send.message());
    hash.add(payload);
    if (watched) {
      invariants.sent(host, send, payload.length, repeated);
    }
    if (!wiretaps.isEmpty()) {
      Sent sent = new Sent(now, host, send.to(), send.message());
      wiretaps.forEach(wiretap -> wiretap.accept(sent));
    }
    Host to = hostAt(send.to());
    if (to == null || !network.isOpen(host.index(), to.index()) || network.loses()) {
      return;
    }
    Happening arrival = new DatagramArrives(to, host.endpoint(), host.index(), payload);
    after(network.datagramDelayNanos(), arrival);
    if (network.duplicates()) {
      after(network.datagramDelayNanos(), arrival);
    }
  }

  private void scheduleTimer(Host host, Butterfly machine) {
    long deadline = deadline(host, machine);
    if (deadline == Long.MAX_VALUE) {
      return;
    }
    long at = Math.max(now, deadline) + scheduling.nextLong(TIMER_SLACK_NANOS);
    if (at < host.timerAt) {
      host.timerAt = at;
      at(at, new TimerFires(host, host.generation));
    }
  }

  /** What the member asks for on its own clock, in virtual time. */
  private static long deadline(Host host, Butterfly machine) {
    long deadline = machine.nextDeadlineNanos();
    return deadline == Long.MAX_VALUE ? Long.MAX_VALUE : deadline - host.clockOffset;
  }

  private void note(String what, Host host) {
    hash.add(what);
    hash.add(host.index());
    trace.note(now, what + " " + host + " (" + host.id() + ", " + host.endpoint() + ")");
  }

  // ---- failing ----

  SimulationFailure failure(String what) {
    return failure(what, null);
  }

  SimulationFailure failure(String what, @Nullable Throwable cause) {
    StringBuilder text = new StringBuilder(4096);
    text.append(what)
        .append("\n  seed %d, at %.6f s, after %d events".formatted(seed, now / 1e9, events));
    if (!replay.isEmpty()) {
      text.append("\n  replay with: ").append(replay);
    }
    if (!script.isEmpty()) {
      text.append("\nThe script was:\n").append(script);
    }
    text.append("\nThe last events were:\n").append(trace.text());
    return new SimulationFailure(text.toString(), cause);
  }

  /** Ends the run with this complaint, the seed, the script and the last events. */
  public SimulationFailure complaint(String what) {
    return failure(what);
  }
}
