package dev.monarch.butterfly;

import dev.monarch.butterfly.detector.Bootstrap;
import dev.monarch.butterfly.detector.ProbeCycle;
import dev.monarch.butterfly.detector.ProbeCycle.Step;
import dev.monarch.butterfly.detector.Verification;
import dev.monarch.butterfly.election.ElectionKind;
import dev.monarch.butterfly.election.Elections;
import dev.monarch.butterfly.election.Population;
import dev.monarch.butterfly.membership.Change;
import dev.monarch.butterfly.membership.Entry;
import dev.monarch.butterfly.membership.MemberList;
import dev.monarch.butterfly.rumor.Heat;
import dev.monarch.butterfly.rumor.Piggyback;
import dev.monarch.butterfly.rumor.Pusher;
import dev.monarch.butterfly.rumor.RumorKey;
import dev.monarch.butterfly.rumor.RumorStore;
import dev.monarch.butterfly.rumor.RumorStores;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.DepartureRumor;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.ElectionUpdateRumor;
import dev.monarch.wire.Rumor.MemberRumor;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.RumorKind;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.Swim;
import dev.monarch.wire.Swim.Ack;
import dev.monarch.wire.Swim.Ping;
import dev.monarch.wire.Swim.PingReq;
import dev.monarch.wire.Swim.ProbePing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * One member of a ring, as a pure state machine.
 *
 * <p>An {@link Input} goes in together with the time, a list of {@link Output}s comes out, in the
 * order in which they are to be carried out. After each input, and at {@link #nextDeadlineNanos()},
 * everything that is due happens. Time never comes from anywhere else; it must not fall.
 *
 * <p>The parts decide, this class connects them:
 *
 * <pre>
 *   MemberList     who is in the ring and how they are       membership
 *   ProbeCycle     ping, ask others, suspect                 detector
 *   Verification   "they say you are dead"                   detector
 *   Bootstrap      pings to the initial peers                detector
 *   RumorStores    services, configuration, files, ...       rumor
 *   Heat           who still has to be told what             rumor
 *   Piggyback      what rides along in datagrams             rumor
 *   Pusher         what is told over TCP                     rumor
 *   Elections      who leads a group, who is updated first   election
 * </pre>
 *
 * <p>Rules and times are those of Habitat's Butterfly 2.1.78 (butterfly.md 4 to 9); where this
 * member does better without harm to an original, the part says so and names the weakness.
 *
 * <p>Not safe for use by several threads: a member has one writer.
 */
public final class Butterfly {
  /** The origin the original's command line gives to what an operator injects (2.4). */
  public static final String OPERATOR = "butterflyclient";

  private final Self self;
  private final Settings settings;
  private final RandomGenerator random;
  private final MemberList members;
  private final ProbeCycle probes;
  private final Verification verification;
  private final Bootstrap bootstrap;
  private final RumorStores stores;
  private final Heat heat;
  private final Piggyback piggyback;
  private final Pusher pusher;
  private final Elections elections;
  private final Elections updateElections;
  private final Proxied proxied = new Proxied();
  private final Map<RumorKind, Long> ignored = new EnumMap<>(RumorKind.class);
  private Set<String> blocked = Set.of();
  private boolean departureTold;
  private List<Output> outputs = new ArrayList<>();
  private long now;

  /**
   * @param restored what was kept from an earlier life of this member; all of it becomes hot, as in
   *     the original
   * @param random decides orders and choices; the same seed and inputs give the same outputs
   */
  public Butterfly(
      Identity identity,
      Settings settings,
      RingState restored,
      RandomGenerator random,
      long nowNanos) {
    this.self = new Self(identity);
    this.settings = settings;
    this.random = random;
    this.now = nowNanos;
    this.members = new MemberList(settings, identity.id());
    this.probes = new ProbeCycle(settings, random, nowNanos);
    this.verification = new Verification(settings);
    this.bootstrap = new Bootstrap(settings, nowNanos);
    this.stores = new RumorStores();
    this.heat = new Heat(settings.shareLimit());
    this.piggyback = new Piggyback(members, heat, identity.sealed());
    this.elections = elections(ElectionKind.LEADER, nowNanos);
    this.updateElections = elections(ElectionKind.UPDATE_LEADER, nowNanos);
    this.pusher = new Pusher(settings, random, members, stores, heat, this::preface);
    restore(restored);
  }

  private Elections elections(ElectionKind kind, long nowNanos) {
    return new Elections(kind, settings.elections(), self.id(), stores, members, nowNanos);
  }

  /**
   * Handles one input and everything due at this time.
   *
   * @param nowNanos not before the time of any earlier call
   */
  public List<Output> handle(Input input, long nowNanos) {
    now = nowNanos;
    switch (input) {
      case Input.DatagramHeard(Endpoint source, Swim message) -> hear(source, message);
      case Input.RumorHeard(Rumor rumor) -> {
        if (!blocked.contains(rumor.fromId())) {
          hear(rumor);
        }
      }
      case Input.PushEnded(long pushId, boolean delivered) -> pusher.ended(pushId, delivered, now);
      case Input.LinkLost(String memberId) -> pusher.pause(memberId, now);
      case Input.TimePassed() -> {}
      case Input.PeersKnown(List<Endpoint> peers) -> bootstrap.know(peers, now);
      case Input.Publish(Rumor rumor) -> hear(rumor);
      case Input.StandForElection(ServiceGroup group) ->
          decide(elections, elections.stand(group.text(), OptionalLong.empty()));
      case Input.StandForUpdateElection(ServiceGroup group, long suitability) ->
          decide(
              updateElections, updateElections.stand(group.text(), OptionalLong.of(suitability)));
      case Input.SuitabilityKnown(ServiceGroup group, long suitability) ->
          elections.know(group.text(), suitability);
      case Input.RestartElection(ServiceGroup group) ->
          decide(elections, elections.restart(group.text()));
      case Input.StepDown(ServiceGroup group) ->
          decide(elections, elections.stepDown(group.text()));
      case Input.Depart(String memberId) -> hear(new DepartureRumor(OPERATOR, memberId));
      case Input.Leave() -> leave();
      case Input.Block(Set<String> memberIds) -> {
        blocked = memberIds;
        pusher.stir();
      }
    }
    advance();
    List<Output> done = outputs;
    outputs = new ArrayList<>();
    return done;
  }

  /** When {@link Input.TimePassed} is to be handed in, if nothing else happens before. */
  public long nextDeadlineNanos() {
    if (self.isLeaving()) {
      return Math.min(members.nextDeadlineNanos(), pusher.nextDeadlineNanos());
    }
    long next = Math.min(members.nextDeadlineNanos(), probes.nextDeadlineNanos());
    next = Math.min(next, verification.nextDeadlineNanos());
    next = Math.min(next, bootstrap.nextDeadlineNanos());
    next = Math.min(next, elections.nextDeadlineNanos());
    next = Math.min(next, updateElections.nextDeadlineNanos());
    return Math.min(next, pusher.nextDeadlineNanos());
  }

  /** The member as it is now. */
  public View view() {
    Map<RumorKind, Long> updates = new EnumMap<>(RumorKind.class);
    Map<RumorKind, Long> ignoredNow = new EnumMap<>(RumorKind.class);
    for (RumorKind kind : RumorKind.values()) {
      Optional<RumorStore<? extends Rumor>> store = stores.store(kind);
      updates.put(kind, store.map(RumorStore::updateCounter).orElseGet(members::updateCounter));
      ignoredNow.put(
          kind, store.map(RumorStore::ignored).orElse(0L) + ignored.getOrDefault(kind, 0L));
    }
    Member own =
        members
            .find(self.id())
            .map(entry -> self.from().withAddress(entry.member().address()))
            .or(() -> self.membership().map(Membership::member))
            .orElseGet(self::from);
    return new View(
        own,
        state(),
        updates,
        ignoredNow,
        elections.sinceNanos(),
        elections.lastLeaders(),
        elections.tallies(),
        !company().isEmpty());
  }

  private RingState state() {
    return new RingState(
        members.entries().stream()
            .map(Entry::membership)
            .sorted(Comparator.comparing(membership -> membership.member().id()))
            .toList(),
        List.copyOf(stores.services().all()),
        List.copyOf(stores.serviceConfigs().all()),
        List.copyOf(stores.serviceFiles().all()),
        stores.elections().all().stream().map(ElectionRumor::election).toList(),
        stores.updateElections().all().stream().map(ElectionUpdateRumor::election).toList(),
        List.copyOf(stores.departures().all()));
  }

  // ---- Being started again ----

  private void restore(RingState restored) {
    for (Membership membership : restored.members()) {
      if (!membership.member().id().equals(self.id())) {
        if (members.hearsay(membership, now).isPresent()) {
          heat.start(RumorKey.ofMember(membership.member().id()));
        }
      }
    }
    List<Rumor> rumors = new ArrayList<>();
    rumors.addAll(restored.services());
    rumors.addAll(restored.serviceConfigs());
    rumors.addAll(restored.serviceFiles());
    rumors.addAll(restored.departures());
    for (Rumor rumor : rumors) {
      if (stores.insert(rumor)) {
        heat.start(RumorKey.of(rumor));
      }
    }
    // Elections come last: what is made of one depends on the services and members known.
    for (ServiceRumor service : restored.services()) {
      join(service);
    }
    restored.elections().forEach(record -> decide(elections, elections.restore(record, now)));
    restored
        .updateElections()
        .forEach(record -> decide(updateElections, updateElections.restore(record, now)));
    outputs.clear();
  }

  // ---- Datagrams (butterfly.md 5.3) ----

  private void hear(Endpoint source, Swim message) {
    String from = message.from().id();
    boolean passing = message instanceof Ack ack && ack.forwardTo().isPresent();
    if (from.equals(self.id())) {
      if (!bootstrap.isInitialPeer(source) && !self.isAt(source)) {
        outputs.add(new Output.OwnIdHeard(source));
      }
    } else if (passing || !blocked.contains(from)) {
      switch (message) {
        case Ping ping -> hear(source, ping);
        case Ack ack -> hear(source, ack);
        case PingReq request -> hear(source, request);
        case ProbePing probe -> hear(source, probe);
      }
    }
  }

  /** The answer is made before anything is learnt: it tells the sender what it was held for. */
  private void hear(Endpoint source, Ping ping) {
    answer(source, ping.from().id(), ping.forwardTo());
    ping.membership().forEach(news -> hear(ping.from().id(), news));
    meet(ping.from().withAddress(source.address()));
  }

  private void hear(Endpoint source, Ack ack) {
    Optional<Member> origin = ack.forwardTo().filter(to -> !to.id().equals(self.id()));
    if (origin.isPresent()) {
      passOn(source, ack, origin.get());
      return;
    }
    Member from =
        ack.forwardTo().isPresent() ? ack.from() : ack.from().withAddress(source.address());
    if (from.isReachable()) {
      meet(from);
    }
    ack.membership().forEach(news -> hear(from.id(), news));
  }

  /** As proxy: the answer goes to who asked for it, untouched but for the answerer's address. */
  private void passOn(Endpoint source, Ack ack, Member origin) {
    String answerer = ack.from().id();
    if (!origin.isReachable()
        || self.isAt(origin.swim())
        || !proxied.answered(origin.id(), answerer, now)) {
      return;
    }
    Member from = sayable(ack.from()).withAddress(source.address());
    List<Membership> riding = new ArrayList<>(ack.membership());
    Ack passed = new Ack(from, ack.forwardTo(), riding);
    while (!piggyback.fits(passed) && !riding.isEmpty()) {
      riding.removeLast();
      passed = new Ack(from, ack.forwardTo(), riding);
    }
    send(origin.swim(), passed);
  }

  /** What rides along with a PingReq is meant for its target and not read here, as originally. */
  private void hear(Endpoint source, PingReq request) {
    String targetId = request.target().id();
    Optional<Entry> target = members.find(targetId).filter(entry -> !targetId.equals(self.id()));
    if (target.isPresent()) {
      Member origin = request.from().withAddress(source.address());
      proxied.asked(origin.id(), targetId, now);
      ping(target.get(), Optional.of(origin));
    }
  }

  private void hear(Endpoint source, ProbePing probe) {
    if (self.raise()) {
      storeIncarnation();
      speakOfOneself();
    }
    answer(source, probe.from().id(), Optional.empty());
    Member from = probe.from().withAddress(source.address()).withProbePing(false);
    accept(
        members.hearsay(
            new Membership(sayable(from), from.departed() ? Health.DEPARTED : Health.ALIVE), now));
  }

  // ---- Learning (butterfly.md 4.4, 4.5) ----

  /** The member itself was heard. */
  private void meet(Member heard) {
    Member member = sayable(heard.withProbePing(false));
    probes
        .heard(member.id(), now)
        .ifPresent(
            end ->
                outputs.add(
                    new Output.ProbeEnded(
                        member.id(),
                        end.viaOthers() ? Output.ProbeStage.PINGREQ : Output.ProbeStage.PING,
                        true,
                        end.durationNanos())));
    verification.heard(member.id());
    if (member.departed()) {
      accept(members.hearsay(new Membership(member, Health.DEPARTED), now));
      return;
    }
    boolean stranger = members.find(member.id()).isEmpty();
    accept(members.contact(member, now));
    if (stranger) {
      // The original takes nobody in for a bare answer, only for a ping of its own (13, W4).
      members.find(member.id()).ifPresent(entry -> ping(entry, Optional.empty()));
    }
  }

  /** An original that was driven to the last incarnation says so itself; nobody repeats it. */
  private static Member sayable(Member member) {
    return member.incarnation() == -1L ? member.withIncarnation(Member.INCARNATION_MAX) : member;
  }

  /** Somebody says something about a member. */
  private void hear(String from, Membership news) {
    String id = news.member().id();
    if (id.equals(self.id())) {
      hearAboutOneself(from, news);
      return;
    }
    Membership clean = new Membership(news.member().withProbePing(false), news.health());
    Optional<Entry> stored = members.find(id);
    boolean deadlyNews =
        news.health() == Health.CONFIRMED
            && stored
                .filter(entry -> entry.health() == Health.ALIVE || entry.health() == Health.SUSPECT)
                .filter(
                    entry ->
                        Long.compareUnsigned(
                                entry.member().incarnation(), news.member().incarnation())
                            <= 0)
                .isPresent();
    if (!deadlyNews) {
      Optional<Change> change = members.hearsay(clean, now);
      if (change.isEmpty()) {
        ignored.merge(RumorKind.MEMBER, 1L, Long::sum);
      }
      accept(change);
    } else if (!self.isLeaving() && verification.ask(clean, now)) {
      send(clean.member().swim(), new ProbePing(self.from().withProbePing(true)));
    }
  }

  /**
   * Bad news is refuted. A member is in its own list only once others know it, for a member alone
   * has no quorum (9.2); if its own address is not known, its record is what others see (4.5). Who
   * lives and hears that it departed has probably been ordered to, and does not cry out against it.
   *
   * <p>Who holds this member dead has not heard it for long. What was said to it over a connection
   * may still be in a kernel that tries again, later each time: a new connection is not behind.
   */
  private void hearAboutOneself(String from, Membership news) {
    if (self.isLeaving()) {
      return;
    }
    if (news.health() == Health.CONFIRMED) {
      outputs.add(new Output.CloseLink(from));
      pusher.doubt(from, now);
    }
    boolean known = members.find(self.id()).isPresent();
    if (!known || self.membership().isEmpty()) {
      Member seen = news.member().withDeparted(false).withProbePing(false);
      if (Long.compareUnsigned(seen.incarnation(), self.incarnation()) > 0) {
        // Nobody else knows one's incarnation better; a lie is not written into the own list.
        seen = seen.withIncarnation(self.incarnation());
      }
      Membership own = self.membership().orElse(new Membership(seen, Health.ALIVE));
      accept(members.hearsay(own, now));
    }
    if (news.health() != Health.ALIVE && self.refute(news.member().incarnation())) {
      storeIncarnation();
      if (news.health() != Health.DEPARTED || !known) {
        speakOfOneself();
      }
    }
  }

  /** A new incarnation is written down before anything says it. */
  private void storeIncarnation() {
    outputs.add(new Output.StoreIncarnation(self.incarnation()));
  }

  /**
   * Makes the own record a rumor, if others know this member (13, W16). Where they see it is good
   * enough if it does not know its address: who has heard of its death and cannot be reached would
   * never hear otherwise that it lives.
   */
  private void speakOfOneself() {
    members
        .find(self.id())
        .map(Entry::member)
        .map(seen -> self.membership().orElseGet(() -> self.membershipAt(seen.address())))
        .ifPresent(own -> accept(members.force(own, now)));
  }

  private void accept(Optional<Change> change) {
    change.ifPresent(this::accept);
  }

  private void accept(Change change) {
    String id = change.after().id();
    if (!id.equals(self.id())) {
      if (change.after().health() == Health.DEPARTED) {
        heat.purge(id);
      } else if (change.isRecovery()) {
        rewarm(id);
        change
            .before()
            .filter(entry -> entry.health() == Health.DEPARTED)
            .ifPresent(entry -> tellServicesAgain(entry.id()));
      }
      if (change.breaksLinks()) {
        outputs.add(new Output.CloseLink(id));
      }
    }
    change.displaced().ifPresent(this::forget);
    stirElections();
    heat.start(RumorKey.ofMember(id));
    pusher.stir();
    outputs.add(
        new Output.MemberChanged(
            change.after().member(), change.before().map(Entry::health), change.after().health()));
  }

  /** What is kept for a member goes with it, or invented members would pile up all the same. */
  private void forget(String memberId) {
    heat.forget(RumorKey.ofMember(memberId));
    rewarm(memberId);
    outputs.add(new Output.CloseLink(memberId));
  }

  /**
   * Departing took the services of a member out of what is told (6.4). Now that it is back, who
   * missed them hears of them, the member itself included if it lost its disk.
   */
  private void tellServicesAgain(String memberId) {
    for (ServiceRumor service : stores.services().all()) {
      if (service.memberId().equals(memberId)) {
        heat.start(RumorKey.of(service));
      }
    }
  }

  private void rewarm(String memberId) {
    heat.rewarm(memberId);
    pusher.welcome(memberId);
  }

  // ---- Rumors (butterfly.md 7) ----

  private void hear(Rumor rumor) {
    switch (rumor) {
      case MemberRumor(String from, Membership membership) -> hear(from, membership);
      case DepartureRumor departure -> {
        store(departure);
        depart(departure.memberId());
      }
      case ServiceRumor service -> hear(service);
      case ServiceConfigRumor config -> store(config);
      case ServiceFileRumor file -> store(file);
      case ElectionRumor(Election record) -> decide(elections, elections.hear(record, now));
      case ElectionUpdateRumor(Election record) ->
          decide(updateElections, updateElections.hear(record, now));
    }
  }

  private boolean store(Rumor rumor) {
    if (!stores.insert(rumor)) {
      return false;
    }
    RumorKey key = RumorKey.of(rumor);
    heat.start(key);
    pusher.stir();
    // An election that was heard is merged with the one known before.
    outputs.add(new Output.RumorStored(stores.current(key).<Rumor>map(kept -> kept).orElse(rumor)));
    return true;
  }

  /**
   * A group that lacks a quorum when somebody joins it writes off one of its confirmed members, so
   * that the total shrinks (7.3).
   */
  private void hear(ServiceRumor service) {
    String group = service.group().text();
    List<String> before = stores.owners(group);
    if (!store(service) || before.contains(service.memberId())) {
      return;
    }
    join(service);
    stirElections();
    elections
        .placed(group, service.memberId(), now)
        .ifPresent(record -> decide(elections, Optional.of(record)));
    updateElections
        .placed(group, service.memberId(), now)
        .ifPresent(record -> decide(updateElections, Optional.of(record)));
    stores
        .elections()
        .find(group, "election")
        .filter(rumor -> rumor.election().candidate().equals(service.memberId()))
        .ifPresent(rumor -> heat.start(RumorKey.of(rumor)));
    if (!before.isEmpty()) {
      Population population = Population.of(stores.owners(group), members);
      if (!population.hasQuorum()) {
        population.firstConfirmed().ifPresent(this::depart);
      }
    }
  }

  private void join(ServiceRumor service) {
    if (service.memberId().equals(self.id())) {
      elections.join(service.group().text());
      updateElections.join(service.group().text());
    }
  }

  // ---- Elections (butterfly.md 9) ----

  private void stirElections() {
    elections.stir(now);
    updateElections.stir(now);
  }

  /**
   * Stores and tells what was decided; if it is another record than before, voters hear it soon,
   * and everybody else does once it is finished.
   */
  private void decide(Elections of, Optional<Election> decided) {
    if (decided.isEmpty()) {
      ignored.merge(of.kind().rumorKind(), 1L, Long::sum);
      return;
    }
    Election record = decided.get();
    Optional<Election> before = of.find(record.group());
    if (!store(of.kind().rumor(record))) {
      return;
    }
    of.stored(record, before, now);
    if (!before.equals(decided)) {
      List<String> voters = stores.owners(record.group());
      pusher.hurry(voters);
      if (record.status() == ElectionStatus.FINISHED && voters.contains(self.id())) {
        pusher.announce();
      }
    }
  }

  /** What an original has to hear before an election, to take part in it. */
  private List<? extends Rumor> preface(Rumor rumor, String memberId) {
    return rumor instanceof ElectionRumor(Election record)
        ? elections.before(record, memberId).stream().map(ElectionRumor::new).toList()
        : List.of();
  }

  /** Sets a member departed whatever is known of it; for this one it means to stop (4.10). */
  private void depart(String memberId) {
    if (memberId.equals(self.id())) {
      return;
    }
    members
        .find(memberId)
        .filter(entry -> entry.health() != Health.DEPARTED)
        .ifPresent(
            entry -> accept(members.force(new Membership(entry.member(), Health.DEPARTED), now)));
  }

  // ---- Leaving (butterfly.md 4.10) ----

  private void leave() {
    if (self.isLeaving()) {
      return;
    }
    self.leave();
    elections.leave();
    updateElections.leave();
    self.raise();
    storeIncarnation();
    speakOfOneself();
    List<Entry> others = new ArrayList<>(others());
    Collections.shuffle(others, random);
    others.sort(Comparator.comparing(Entry::health));
    for (Entry other : others.subList(0, Math.min(settings.farewells(), others.size()))) {
      answer(other.member().swim(), other.id(), Optional.empty());
    }
  }

  // ---- What is due ----

  private void advance() {
    members.expire(now).forEach(this::accept);
    if (stores.hasDeparted(self.id()) && !departureTold) {
      departureTold = true;
      outputs.add(new Output.DepartureOrdered());
    }
    if (!self.isLeaving()) {
      callInitialPeers();
      for (Membership hearsay : verification.silent(now)) {
        accept(members.hearsay(hearsay, now));
      }
      probe();
      checkElections(elections);
      checkElections(updateElections);
    }
    outputs.addAll(pusher.due(self.id(), blocked, now));
  }

  private void checkElections(Elections of) {
    while (of.nextDeadlineNanos() <= now) {
      of.due(now).forEach(record -> decide(of, Optional.of(record)));
    }
  }

  private void callInitialPeers() {
    if (bootstrap.isDue(now)) {
      for (Endpoint peer : bootstrap.due(company(), now)) {
        if (!self.isAt(peer)) {
          send(peer, new Ping(self.from(), Optional.empty(), List.of()));
        }
      }
    }
  }

  /** Where those listen that were heard themselves and are alive. */
  private Set<Endpoint> company() {
    Set<Endpoint> company = new LinkedHashSet<>();
    for (Entry entry : members.entries()) {
      if (entry.heard() && entry.health() == Health.ALIVE && !entry.id().equals(self.id())) {
        company.add(entry.member().swim());
      }
    }
    return company;
  }

  private void probe() {
    Optional<Step> step = nextStep();
    while (step.isPresent()) {
      switch (step.get()) {
        case Step.Ping(Entry target) -> ping(target, Optional.empty());
        case Step.AskOthers(Entry target, long waited) -> {
          probeEnded(target, Output.ProbeStage.PING, waited);
          askOthers(target);
        }
        case Step.Suspect(Entry target, long waited) -> {
          probeEnded(target, Output.ProbeStage.PINGREQ, waited);
          accept(members.hearsay(new Membership(target.member(), Health.SUSPECT), now));
        }
      }
      step = nextStep();
    }
  }

  private Optional<Step> nextStep() {
    return probes.due(
        now,
        () -> others().stream().filter(Entry::isProbeable).toList(),
        id -> members.find(id).filter(Entry::isProbeable));
  }

  private void probeEnded(Entry target, Output.ProbeStage stage, long waitedNanos) {
    outputs.add(new Output.ProbeEnded(target.id(), stage, false, waitedNanos));
  }

  private void askOthers(Entry target) {
    List<Entry> proxies =
        new ArrayList<>(
            others().stream()
                .filter(entry -> entry.health() == Health.ALIVE)
                .filter(entry -> !entry.id().equals(target.id()))
                .toList());
    if (proxies.isEmpty()) {
      return;
    }
    Collections.shuffle(proxies, random);
    PingReq bare = new PingReq(self.from(), target.member(), List.of());
    PingReq request = new PingReq(bare.from(), bare.target(), riding(bare, target.id()));
    for (Entry proxy : proxies.subList(0, Math.min(settings.proxies(), proxies.size()))) {
      send(proxy.member().swim(), request);
    }
  }

  private Collection<Entry> others() {
    List<Entry> others = new ArrayList<>(members.entries());
    others.removeIf(entry -> entry.id().equals(self.id()));
    return others;
  }

  // ---- Speaking ----

  private void ping(Entry target, Optional<Member> onBehalfOf) {
    Ping bare = new Ping(self.from(), onBehalfOf, List.of());
    send(
        target.member().swim(), new Ping(bare.from(), bare.forwardTo(), riding(bare, target.id())));
  }

  /** An Ack carries exactly the {@code forward_to} of what it answers (rule S11). */
  private void answer(Endpoint to, String recipientId, Optional<Member> forwardTo) {
    Ack bare = new Ack(self.from(), forwardTo, List.of());
    send(to, new Ack(bare.from(), forwardTo, riding(bare, recipientId)));
  }

  private List<Membership> riding(Swim bare, String recipientId) {
    return piggyback.compose(bare, recipientId, pusher.underWayTo(recipientId));
  }

  /** Ids come from outside and can be long: what does not fit is not sent (rule S7). */
  private void send(Endpoint to, Swim message) {
    if (piggyback.fits(message)) {
      outputs.add(new Output.Send(to, message));
    }
  }
}
