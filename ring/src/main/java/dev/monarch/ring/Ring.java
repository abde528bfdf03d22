package dev.monarch.ring;

import dev.monarch.butterfly.Butterfly;
import dev.monarch.butterfly.Identity;
import dev.monarch.butterfly.Input;
import dev.monarch.butterfly.Output;
import dev.monarch.butterfly.RingState;
import dev.monarch.butterfly.View;
import dev.monarch.butterfly.election.Tally;
import dev.monarch.ring.disk.MemberFiles;
import dev.monarch.ring.disk.RumorFile;
import dev.monarch.ring.disk.UnusableFileException;
import dev.monarch.ring.zmtp.Limits;
import dev.monarch.ring.zmtp.Links;
import dev.monarch.ring.zmtp.PullServer;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Envelope;
import dev.monarch.wire.Health;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.RumorCodec;
import dev.monarch.wire.ServiceGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * A living member of a ring. A program embeds one, or many, like this:
 *
 * <pre>{@code
 * RingConfig config =
 *     RingConfig.in(Path.of("ring"))
 *         .withListen(new InetSocketAddress("127.0.0.1", 9638))
 *         .withPeers(List.of("127.0.0.2"));
 * try (Ring ring = Ring.start(config, event -> System.out.println(event))) {
 *   ring.view().state().members().forEach(System.out::println);
 *   Thread.sleep(Duration.ofMinutes(1));
 *   ring.leave();
 * }
 * }</pre>
 *
 * <p>It has no static state, no shutdown hook, and only daemon threads: who embeds it decides when
 * it ends. All methods are safe for use by several threads. They show and change the member through
 * its event loop, in the order of the calls; after the end, changes have no effect.
 */
public final class Ring implements AutoCloseable {
  /** Beyond the gossip interval, for a last push to arrive. */
  private static final long FAREWELL_MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** However the member is set, stopping is not to feel stuck. */
  private static final long FAREWELL_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);

  /** What members of our kind take; an envelope adds less than the rest. */
  private static final int RUMOR_BYTES_MAX = Envelope.ENVELOPE_BYTES_MAX - 1024;

  private final RingConfig config;
  private final MemberFiles files;
  private final RumorFile rumorFile;
  private final Sockets sockets;
  private final Counters counters;
  private final Audience audience;
  private final CutFile cutFile;
  private final PeerSource peers;
  private final Links links;
  private final PullServer pullServer;
  private final Loop loop;
  private final Shell shell;
  private final UdpTransport udp;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch persisted = new CountDownLatch(1);
  private final AtomicBoolean saidGoodbye = new AtomicBoolean();
  private Optional<RingState> written;

  /** A listener's place in the audience. */
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Starts a member: reads or makes its files, binds its sockets and begins to look for its peers.
   *
   * @param listeners hear everything from the first event on
   * @throws RingStartException if a file, an address or a peer cannot be used; nothing is left open
   */
  public static Ring start(RingConfig config, RingListener... listeners) throws RingStartException {
    Counters counters = new Counters();
    Audience audience = new Audience(counters.eventsMissed);
    for (RingListener listener : listeners) {
      audience.admit(listener);
    }
    try {
      MemberFiles files = MemberFiles.open(config.memberIdFile(), config.dataDirectory());
      RumorFile rumorFile = new RumorFile(files.rumorFile());
      RumorFile.Content content = rumorFile.read();
      content.problems().forEach(text -> tellTrouble(audience, text));
      PeerSource peers =
          new PeerSource(
              config.peers(),
              config.peerWatchFile(),
              PeerSource.Resolver.ofMachine(),
              PeerSource.Pace.STANDARD,
              text -> tellTrouble(audience, text));
      List<Endpoint> firstPeers = peers.first();
      Sockets sockets = Sockets.bind(config.listen());
      try {
        Ring ring = new Ring(config, files, rumorFile, content, sockets, peers, counters, audience);
        ring.begin(content.state(), firstPeers);
        return ring;
      } catch (IOException | RuntimeException e) {
        sockets.close();
        throw e;
      }
    } catch (UnusableFileException | IOException e) {
      audience.end();
      throw new RingStartException(String.valueOf(e.getMessage()), e);
    } catch (RingStartException e) {
      audience.end();
      throw e;
    }
  }

  private static void tellTrouble(Audience audience, String text) {
    audience.tell(new RingEvent.Trouble(Instant.now(), text));
  }

  private Ring(
      RingConfig config,
      MemberFiles files,
      RumorFile rumorFile,
      RumorFile.Content content,
      Sockets sockets,
      PeerSource peers,
      Counters counters,
      Audience audience)
      throws IOException {
    this.config = config;
    this.files = files;
    this.rumorFile = rumorFile;
    this.sockets = sockets;
    this.peers = peers;
    this.counters = counters;
    this.audience = audience;
    if (content.absent()) {
      rumorFile.write(content.state());
    }
    this.written = content.problems().isEmpty() ? Optional.of(content.state()) : Optional.empty();
    this.cutFile = new CutFile(config.cutFile(), text -> tellTrouble(audience, text));
    this.loop = new Loop(machine(content.state()), System.nanoTime());
    this.udp = new UdpTransport(sockets.udp());
    this.links =
        new Links(sockets.source(), cutFile::bars, id -> loop.putControl(new Input.LinkLost(id)));
    this.shell =
        new Shell(files.id(), config.key(), files, cutFile, udp, links, loop, counters, audience);
    this.pullServer = PullServer.start(sockets.tcp(), Limits.standard(), cutFile::bars, shell);
    udp.start(shell);
  }

  private Loop.Machine machine(RingState restored) {
    Optional<String> ownAddress =
        sockets.source().map(address -> address.getAddress().getHostAddress());
    int port = sockets.listen().port();
    Identity identity =
        new Identity(
            files.id(),
            files.incarnation(),
            port,
            port,
            config.persistent(),
            ownAddress,
            config.key().isPresent());
    Butterfly butterfly =
        new Butterfly(identity, config.settings(), restored, RandomGenerator.getDefault(), 0);
    return new Loop.Machine() {
      @Override
      public List<Output> handle(Input input, long nowNanos) {
        return butterfly.handle(input, nowNanos);
      }

      @Override
      public long nextDeadlineNanos() {
        return butterfly.nextDeadlineNanos();
      }

      @Override
      public View view() {
        return butterfly.view();
      }
    };
  }

  private void begin(RingState restored, List<Endpoint> firstPeers) {
    restored.members().stream()
        .filter(known -> !known.member().id().equals(files.id()))
        .forEach(this::tellKnown);
    loop.putControl(new Input.PeersKnown(firstPeers));
    loop.start("ring-" + files.id(), shell);
    peers.start(this::isJoined, all -> loop.putControl(new Input.PeersKnown(all)));
    cutFile.start(
        () -> {
          pullServer.closeBarred();
          links.closeBarred();
        });
    Thread.ofVirtual().name("ring-persist").start(this::persistRegularly);
  }

  /** Whoever follows the events needs to know where they begin. */
  private void tellKnown(Membership known) {
    audience.tell(
        new RingEvent.MemberChanged(
            Instant.now(), System.nanoTime(), known.member(), Optional.empty(), known.health()));
  }

  private boolean isJoined() {
    try {
      return loop.view().joined();
    } catch (RuntimeException e) {
      return false;
    }
  }

  private void persistRegularly() {
    try {
      while (!stopping.await(config.persistPeriod().toNanos(), TimeUnit.NANOSECONDS)) {
        persistWhatIsKnown();
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; if somebody does, it persists a last time.
    } finally {
      persistTheLast();
      persisted.countDown();
    }
  }

  private void persistTheLast() {
    try {
      persist(loop.stop());
    } catch (RuntimeException e) {
      shell.failed("persisting", e, 1);
    }
  }

  private void persistWhatIsKnown() {
    try {
      persist(loop.view());
    } catch (RuntimeException e) {
      shell.failed("persisting", e, 1);
    }
  }

  private void persist(View view) {
    if (written.equals(Optional.of(view.state()))) {
      return;
    }
    try {
      rumorFile.write(view.state());
      written = Optional.of(view.state());
    } catch (IOException e) {
      shell.diskFailed(e);
    }
  }

  public String memberId() {
    return files.id();
  }

  /** Where it listens, with the port really taken. */
  public Endpoint listen() {
    return sockets.listen();
  }

  /** Where its members and rumors are kept. */
  public Path rumorFile() {
    return files.rumorFile();
  }

  /** What this member knows now; after closing, what it knew last. */
  public View view() {
    return loop.view();
  }

  /** Now, on the clock of {@link View#electionsSinceNanos}: nanoseconds that never go back. */
  public long nowNanos() {
    return loop.now();
  }

  /** What this member has counted until now. */
  public RingMetrics metrics() {
    View view = view();
    Map<Health, Long> members = new EnumMap<>(Health.class);
    for (Health health : Health.values()) {
      members.put(health, 0L);
    }
    for (Membership membership : view.state().members()) {
      members.merge(membership.health(), 1L, Long::sum);
    }
    return new RingMetrics(
        view.self().incarnation(),
        members,
        view.ignoredRumors(),
        new RingMetrics.SwimTraffic(
            counters.swimSent.snapshot(),
            counters.acksForwarded.sum(),
            counters.swimReceived.snapshot(),
            counters.swimRejected.snapshot(),
            counters.recordsDropped.sum(),
            counters.sendFailures.sum(),
            counters.overflowed.sum(),
            counters.cut.sum()),
        new RingMetrics.GossipTraffic(
            counters.gossipSent.snapshot(),
            counters.connectFailures.sum(),
            counters.pushFailures.sum(),
            counters.gossipReceived.snapshot(),
            counters.gossipRejected.snapshot(),
            links.open(),
            pullServer.open(),
            pullServer.refused(),
            pullServer.protocolFailures()),
        elections(view),
        counters.probes(),
        new RingMetrics.Faults(
            loop.failures() + counters.failures.sum(),
            counters.diskFailures.sum(),
            counters.eventsMissed.sum()));
  }

  private SortedMap<String, RingMetrics.Leadership> elections(View view) {
    SortedMap<String, RingMetrics.Leadership> found = new TreeMap<>();
    for (Election election : view.state().elections()) {
      Tally tally = view.electionTallies().get(election.group());
      if (tally != null) {
        found.put(
            election.group(),
            new RingMetrics.Leadership(
                election.term(),
                election.status() == ElectionStatus.FINISHED,
                tally,
                tally.withoutLeader(nowNanos())));
      }
    }
    return found;
  }

  /** Adds a listener for everything from now on; closing the subscription ends it. */
  public Subscription subscribe(RingListener listener) {
    return audience.admit(listener);
  }

  /**
   * Tells the ring a rumor: a service this member runs, configuration, a file.
   *
   * @throws IllegalArgumentException if it is longer than what any member takes
   */
  public void publish(Rumor rumor) {
    int bytes = RumorCodec.encode(rumor).length;
    if (bytes > RUMOR_BYTES_MAX) {
      throw new IllegalArgumentException(
          "expected a rumor of at most " + RUMOR_BYTES_MAX + " bytes, found " + bytes);
    }
    loop.putControl(new Input.Publish(rumor));
  }

  /**
   * Stands for election as leader of a group, because its service has started here. The service has
   * to be {@linkplain #publish published} before, or nothing happens. Who leads is told by the
   * election rumors that are stored, and found in a census.
   */
  public void standForElection(ServiceGroup group) {
    loop.putControl(new Input.StandForElection(group));
  }

  /**
   * Stands for election as the member of a group that is updated first.
   *
   * @param suitability unsigned; the greatest wins
   */
  public void standForUpdateElection(ServiceGroup group, long suitability) {
    loop.putControl(new Input.StandForUpdateElection(group, suitability));
  }

  /**
   * Says how suitable to lead a group this member is, from its next candidacy on; it starts none.
   *
   * @param suitability unsigned; the greatest wins
   */
  public void suitability(ServiceGroup group, long suitability) {
    loop.putControl(new Input.SuitabilityKnown(group, suitability));
  }

  /**
   * Holds a new election of a leader, whatever became of the last one; without effect if this
   * member runs no service of the group, or no election of it is known.
   */
  public void restartElection(ServiceGroup group) {
    loop.putControl(new Input.RestartElection(group));
  }

  /**
   * Hands over the lead of a group to the best of the others; without effect if this member does
   * not lead it, or if none of the others is alive.
   */
  public void stepDown(ServiceGroup group) {
    loop.putControl(new Input.StepDown(group));
  }

  /** Makes a member depart for good, this one or another. */
  public void depart(String memberId) {
    loop.putControl(new Input.Depart(memberId));
  }

  /**
   * Says goodbye and goes on answering as departed, while services stop. Returns when the ring has
   * had time to hear it: a gossip interval, at most two seconds; at once if nobody is there.
   */
  public void farewell() {
    if (!saidGoodbye.compareAndSet(false, true)) {
      return;
    }
    boolean company = loop.view().joined();
    loop.putControl(new Input.Leave());
    loop.view();
    if (company) {
      long nanos = config.settings().gossipInterval().toNanos() + FAREWELL_MARGIN_NANOS;
      pause(Math.min(nanos, FAREWELL_NANOS_MAX));
    }
  }

  private void pause(long nanos) {
    try {
      stopping.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says goodbye, if not yet done, writes everything down and closes. */
  public void leave() {
    farewell();
    close();
  }

  /** An interrupt is no reason to leave a file half told; it is kept for the caller. */
  private void awaitPersisted() {
    boolean interrupted = false;
    while (true) {
      try {
        persisted.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Writes everything down and closes without a word: others will miss this member. */
  @Override
  public void close() {
    peers.close();
    cutFile.close();
    stopping.countDown();
    awaitPersisted();
    udp.close();
    sockets.close();
    try {
      pullServer.close();
    } catch (IOException e) {
      // Closing is all that could be done about it.
    }
    links.close();
    audience.end();
  }
}
