package dev.monarch.butterfly.election;

import dev.monarch.butterfly.membership.MemberList;
import dev.monarch.butterfly.rumor.RumorStores;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.ElectionUpdateRumor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The elections of one kind, as one member takes part in them.
 *
 * <p>{@link ElectionRules} say what follows from a record; here is what they need besides: which
 * groups this member belongs to, how suitable it is, and what has to happen after a while.
 *
 * <pre>
 *   after                                 what
 *   a change of members or services       each of this member's groups is checked (9.6), at once or
 *                                         at the next whole check interval
 *   the patience with a concern           the election restarts, if the concern was there all along
 *   a retell interval, then two, ...      a record that is not finished is told again
 *   15 of these, with a quorum            it restarts: somebody alive does not vote
 * </pre>
 *
 * <p>Nothing is stored here: methods return what is to be stored and told, and {@link #stored} is
 * to be called once it is.
 */
public final class Elections {
  /** A record is told again after 1, 2, 4, 8, 16 and then always 16 retell intervals. */
  private static final int RETELL_FACTOR_MAX = 16;

  /** With a quorum it is told after 1, 2 and 4, and after 8 more it was told in vain. */
  private static final int RETELL_FACTOR_IN_VAIN = 8;

  /** Groups whose record waits for a service; more are a flood, and the oldest is dropped. */
  private static final int WAITING_MAX = 1024;

  /**
   * Of the candidates before, this many are remembered; who follows an earlier one stays behind.
   */
  private static final int FORMERS_MAX = 4;

  /** A record whose candidate runs no service of the group, as far as known. */
  private record Waiting(Election election, long sinceNanos) {}

  /**
   * A record of before. Somebody may know nothing later.
   *
   * @param wasOpen whether, as far as known, nobody but this member can have been led by it
   */
  private record Former(Election election, boolean wasOpen) {}

  /** What this member remembers of a group of its own, apart from the record. */
  private static final class Course {
    private Concern concern = Concern.NONE;
    private long concernSinceNanos;
    private final SequencedMap<String, Former> formers = new LinkedHashMap<>();
    private List<String> electorate = List.of();
    private long retellNanos = Long.MAX_VALUE;
    private int retellFactor = 1;
    private Tally tally = Tally.NOTHING;
    private long wakeNanos = Long.MAX_VALUE;

    /** Notes a concern, and tells since when it is there. */
    long since(Concern seen, long nowNanos) {
      if (seen != concern) {
        concern = seen;
        concernSinceNanos = nowNanos;
      }
      return concernSinceNanos;
    }

    void remember(Former former) {
      formers.putLast(former.election.candidate(), former);
      if (formers.size() > FORMERS_MAX) {
        formers.pollFirstEntry();
      }
    }

    void wakeAt(long nanos) {
      wakeNanos = Math.min(wakeNanos, nanos);
    }
  }

  private final ElectionKind kind;
  private final ElectionSettings settings;
  private final String self;
  private final RumorStores stores;
  private final MemberList members;
  private final ElectionRules rules;
  private final long startNanos;
  private final Map<String, Long> suitabilities = new HashMap<>();
  private final Map<String, Course> courses = new TreeMap<>();
  private final SortedMap<String, Long> sinceNanos = new TreeMap<>();
  private final SortedMap<String, String> lastLeaders = new TreeMap<>();
  private final LinkedHashMap<String, Waiting> waiting = new LinkedHashMap<>();
  private boolean leaving;
  private long checkNanos = Long.MAX_VALUE;

  public Elections(
      ElectionKind kind,
      ElectionSettings settings,
      String self,
      RumorStores stores,
      MemberList members,
      long nowNanos) {
    this.kind = kind;
    this.settings = settings;
    this.self = self;
    this.stores = stores;
    this.members = members;
    this.rules = new ElectionRules(kind, settings, self);
    this.startNanos = nowNanos;
  }

  public ElectionKind kind() {
    return kind;
  }

  /** The record as it is stored; empty if no election of the group was ever heard of. */
  public Optional<Election> find(String group) {
    return switch (kind) {
      case LEADER -> stores.elections().find(group, "election").map(ElectionRumor::election);
      case UPDATE_LEADER ->
          stores.updateElections().find(group, "election").map(ElectionUpdateRumor::election);
    };
  }

  /** Since when each group's record names its candidate in its term as finished, or as not. */
  public SortedMap<String, Long> sinceNanos() {
    return sinceNanos;
  }

  /** Whom each group's last finished record named; it leads until another one finishes (9.10). */
  public SortedMap<String, String> lastLeaders() {
    return lastLeaders;
  }

  /** How long the groups of this member were without a leader. */
  public SortedMap<String, Tally> tallies() {
    SortedMap<String, Tally> tallies = new TreeMap<>();
    courses.forEach((group, course) -> tallies.put(group, course.tally));
    return tallies;
  }

  // ---- What happens ----

  /** This member told of a service of its own in a group. */
  public void join(String group) {
    courses.computeIfAbsent(group, name -> new Course());
  }

  /** How suitable this member is, unsigned, whenever it stands again. */
  public void know(String group, long suitability) {
    suitabilities.put(group, suitability);
  }

  /**
   * This member's service has started. Its service rumor has to be stored before (rule S10).
   *
   * @param suitability empty for what is known
   */
  public Optional<Election> stand(String group, OptionalLong suitability) {
    if (leaving || !courses.containsKey(group)) {
      return Optional.empty();
    }
    long value = suitability.orElseGet(() -> suitability(group));
    return Optional.of(rules.stand(find(group), group, 0, value, population(group)));
  }

  /** A record arrived. A member that leaves only passes it on: it would win and be gone. */
  public Optional<Election> hear(Election incoming, long nowNanos) {
    String group = incoming.group();
    if (settings.awaitsServices() && !population(group).includes(incoming.candidate())) {
      await(incoming, nowNanos);
      return Optional.empty();
    }
    noteStraggler(incoming);
    Population population =
        leaving ? new Population(List.of(), id -> Optional.empty()) : population(group);
    return rules.hear(find(group), incoming, population, suitability(group));
  }

  /**
   * Somebody knows an earlier term only. An original, if it was away while the lead changed more
   * than once, stays there until a later term names whom it knows as candidate: it is among those
   * whom the next telling clears away. A candidacy is no news of one who is remembered.
   */
  private void noteStraggler(Election incoming) {
    Course course = courses.get(incoming.group());
    Optional<Election> known = find(incoming.group());
    if (course == null || known.filter(one -> isEarlier(incoming, one)).isEmpty()) {
      return;
    }
    boolean isNews =
        incoming.status() == ElectionStatus.FINISHED
            || !course.formers.containsKey(incoming.candidate());
    if (isNews) {
      course.remember(new Former(incoming, false));
    }
  }

  private boolean isEarlier(Election one, Election other) {
    return Long.compareUnsigned(one.term(), other.term()) < 0
        && !settings.isBeyond(other.term(), one.term());
  }

  private void await(Election record, long nowNanos) {
    String group = record.group();
    waiting.remove(group);
    waiting.put(group, new Waiting(record, nowNanos));
    if (waiting.size() > WAITING_MAX) {
      waiting.pollFirstEntry();
    }
    Course course = courses.get(group);
    if (course != null) {
      course.wakeAt(nowNanos + settings.strangerPatience().toNanos());
    }
  }

  /** A member is now known to run a service of a group: a record of it may have waited for that. */
  public Optional<Election> placed(String group, String memberId, long nowNanos) {
    Waiting record = waiting.get(group);
    if (record == null || !record.election().candidate().equals(memberId)) {
      return Optional.empty();
    }
    waiting.remove(group);
    return hear(record.election(), nowNanos);
  }

  /** A record was read from disk; it is treated like one that arrives (9.10). */
  public Optional<Election> restore(Election record, long nowNanos) {
    Population population = population(record.group());
    boolean doubtful =
        settings.doubtsTheDisk()
            && population.includes(self)
            && record.candidate().equals(self)
            && record.status() == ElectionStatus.FINISHED;
    return doubtful ? Optional.of(rules.doubted(record, population)) : hear(record, nowNanos);
  }

  /** An operator wants a new election, whatever the state of this one (9.9). */
  public Optional<Election> restart(String group) {
    return leaving || !courses.containsKey(group) ? Optional.empty() : find(group).map(this::next);
  }

  /** This member hands over the lead, if it has it and there is somebody to take it. */
  public Optional<Election> stepDown(String group) {
    return leaving || !courses.containsKey(group)
        ? Optional.empty()
        : find(group).flatMap(known -> rules.nominate(known, population(group)));
  }

  /** This member leaves: it starts nothing any more. */
  public void leave() {
    leaving = true;
  }

  /** Members or services have changed, so groups have to be looked at. */
  public void stir(long nowNanos) {
    long interval = settings.checkInterval().toNanos();
    long wait = interval == 0 ? 0 : interval - Math.floorMod(nowNanos - startNanos, interval);
    checkNanos = Math.min(checkNanos, nowNanos + wait);
  }

  /** A record has taken the place of the one before. */
  public void stored(Election record, Optional<Election> before, long nowNanos) {
    if (before.filter(known -> isSameState(known, record)).isEmpty()) {
      sinceNanos.put(record.group(), nowNanos);
    }
    if (record.status() == ElectionStatus.FINISHED) {
      lastLeaders.put(record.group(), record.candidate());
    }
    Course course = courses.get(record.group());
    if (course == null || before.filter(known -> saysTheSame(known, record)).isPresent()) {
      return;
    }
    before
        .filter(known -> !isSameCandidacy(known, record))
        .ifPresent(known -> noteFormer(course, known, known.term() == record.term()));
    course.tally =
        record.status() == ElectionStatus.FINISHED
            ? course.tally.finished(nowNanos)
            : course.tally.opened(nowNanos);
    course.concern = Concern.NONE;
    course.electorate = population(record.group()).electorate();
    course.retellFactor = 1;
    course.retellNanos = retellNanos(course, nowNanos);
    stir(nowNanos);
  }

  /** Who only stood beside others in a term may have led, or stood, in an earlier one. */
  private void noteFormer(Course course, Election known, boolean isRival) {
    if (!isRival || !course.formers.containsKey(known.candidate())) {
      boolean wasOpen = known.status() != ElectionStatus.FINISHED || known.candidate().equals(self);
      course.remember(new Former(known, wasOpen));
    }
  }

  private static boolean isSameCandidacy(Election one, Election other) {
    return one.term() == other.term() && one.candidate().equals(other.candidate());
  }

  private static boolean isSameState(Election one, Election other) {
    return isSameCandidacy(one, other)
        && (one.status() == ElectionStatus.FINISHED) == (other.status() == ElectionStatus.FINISHED);
  }

  /** The order of votes says nothing. */
  private static boolean saysTheSame(Election one, Election other) {
    return isSameState(one, other)
        && one.status() == other.status()
        && Set.copyOf(one.votes()).equals(Set.copyOf(other.votes()));
  }

  /**
   * What is to be told to a member of the group right before its record, over the same connection,
   * so that an original takes part in it; see {@link ElectionRules#clearing} and {@link
   * ElectionRules#ended}.
   */
  public List<Election> before(Election current, String memberId) {
    Course course = courses.get(current.group());
    if (course == null
        || !settings.clearsTheWay()
        || kind != ElectionKind.LEADER
        || !population(current.group()).includes(memberId)) {
      return List.of();
    }
    return course.formers.values().stream()
        .filter(former -> !former.election.candidate().equals(current.candidate()))
        .filter(former -> Long.compareUnsigned(former.election.term(), current.term()) < 0)
        .flatMap(former -> preface(former, current, memberId).stream())
        .toList();
  }

  private static Optional<Election> preface(Former former, Election current, String memberId) {
    Election led = former.election;
    boolean harmless =
        current.status() == ElectionStatus.FINISHED
            || (former.wasOpen && current.suitability() != 0);
    if (harmless || current.votes().contains(led.candidate())) {
      return Optional.of(ElectionRules.clearing(current, led.candidate()));
    }
    boolean mayNotKnow = led.status() == ElectionStatus.FINISHED && led.votes().contains(memberId);
    return mayNotKnow ? Optional.of(ElectionRules.ended(led)) : Optional.empty();
  }

  /** Those who are to be told quickly: they vote. */
  public List<String> voters(String group) {
    return stores.owners(group);
  }

  // ---- What is due ----

  /** When {@link #due} may have something to say next. */
  public long nextDeadlineNanos() {
    long next = checkNanos;
    for (Course course : courses.values()) {
      next = Math.min(next, course.wakeNanos);
    }
    return leaving ? Long.MAX_VALUE : next;
  }

  /** The records to store and to tell now, one for a group at most. */
  public List<Election> due(long nowNanos) {
    List<Election> due = new ArrayList<>();
    if (leaving || nextDeadlineNanos() > nowNanos) {
      return due;
    }
    checkNanos = Long.MAX_VALUE;
    for (Map.Entry<String, Course> each : courses.entrySet()) {
      find(each.getKey())
          .flatMap(known -> check(each.getValue(), known, nowNanos))
          .ifPresent(due::add);
    }
    return due;
  }

  private Optional<Election> check(Course course, Election known, long nowNanos) {
    course.wakeNanos = Long.MAX_VALUE;
    Population population = population(known.group());
    Optional<Election> overtaking = overtaking(course, known, population, nowNanos);
    if (overtaking.isPresent()) {
      return overtaking;
    }
    Concern concern = rules.concern(known, population);
    long since = course.since(concern, nowNanos);
    long until = since + patience(concern).toNanos();
    if (until > nowNanos) {
      course.wakeAt(until);
      return retold(course, known, population, nowNanos);
    }
    return switch (concern) {
      case NONE -> retold(course, known, population, nowNanos);
      case QUORUM_LOST, GONE, STRANGER -> Optional.of(next(known));
      case OUTDATED -> Optional.of(rules.corrected(known, population));
    };
  }

  /**
   * If a later term, or another leader of this one, has waited in vain for its candidate's service,
   * then others know it all the same, and the candidate known here goes above it.
   */
  private Optional<Election> overtaking(
      Course course, Election known, Population population, long nowNanos) {
    Waiting other = waiting.get(known.group());
    if (other == null || !known.candidate().equals(self)) {
      return Optional.empty();
    }
    int term = Long.compareUnsigned(other.election().term(), known.term());
    boolean rival = term == 0 && other.election().status() == ElectionStatus.FINISHED;
    if ((term <= 0 && !rival) || settings.isBeyond(other.election().term(), known.term())) {
      return Optional.empty();
    }
    long until = other.sinceNanos() + settings.strangerPatience().toNanos();
    if (until > nowNanos) {
      course.wakeAt(until);
      return Optional.empty();
    }
    waiting.remove(known.group());
    return Optional.of(rules.overtake(known, other.election(), population));
  }

  private Duration patience(Concern concern) {
    return switch (concern) {
      case NONE, GONE, OUTDATED -> Duration.ZERO;
      case QUORUM_LOST -> settings.quorumPatience();
      case STRANGER -> settings.strangerPatience();
    };
  }

  /**
   * An open record is told again at once if other members vote now, and from time to time. Who is
   * alive and has not voted by then never will: an original does not, if it was away when the
   * election began. It votes in the next term.
   */
  private Optional<Election> retold(
      Course course, Election known, Population population, long nowNanos) {
    boolean open = known.status() != ElectionStatus.FINISHED;
    if (!open || settings.retellInterval().isZero()) {
      return Optional.empty();
    }
    List<String> electorate = population.electorate();
    boolean otherVoters = !electorate.equals(course.electorate);
    course.electorate = electorate;
    if (otherVoters) {
      course.retellFactor = 1;
    } else if (course.retellNanos > nowNanos) {
      course.wakeAt(course.retellNanos);
      return Optional.empty();
    } else if (course.retellFactor >= RETELL_FACTOR_IN_VAIN && population.hasQuorum()) {
      return rules.finished(known, population).or(() -> Optional.of(next(known)));
    } else {
      course.retellFactor = Math.min(2 * course.retellFactor, RETELL_FACTOR_MAX);
    }
    course.retellNanos = retellNanos(course, nowNanos);
    course.wakeAt(course.retellNanos);
    return rules.finished(known, population).or(() -> Optional.of(known));
  }

  private long retellNanos(Course course, long nowNanos) {
    return settings.retellInterval().isZero()
        ? Long.MAX_VALUE
        : nowNanos + course.retellFactor * settings.retellInterval().toNanos();
  }

  private Election next(Election known) {
    String group = known.group();
    return rules.restart(known, population(group), suitability(group));
  }

  private long suitability(String group) {
    return suitabilities.getOrDefault(group, 0L);
  }

  private Population population(String group) {
    return Population.of(stores.owners(group), members);
  }
}
