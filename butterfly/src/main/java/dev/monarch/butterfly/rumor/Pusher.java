package dev.monarch.butterfly.rumor;

import dev.monarch.butterfly.Output;
import dev.monarch.butterfly.Settings;
import dev.monarch.butterfly.membership.Entry;
import dev.monarch.butterfly.membership.MemberList;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.MemberRumor;
import dev.monarch.wire.RumorKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Whom to tell rumors over TCP, and when (butterfly.md 8).
 *
 * <p>Like the original a member is told at most once a gossip interval, and a few at a time. Unlike
 * the original a slot is free as soon as one push ends, so that a member that does not answer
 * delays nobody else (13, W8); who could not be reached is tried again, later each time, and then
 * told everything (W9); members heard themselves go before members known from hearsay. A rumor goes
 * to the member it came from too: elections cannot finish otherwise (9.5).
 */
public final class Pusher {
  /** Rumors of one push; the original's queue to a member holds as many (butterfly.md 1.3). */
  static final int RUMORS_MAX = 1000;

  /** The longest pause, in gossip intervals, after pushes that failed. */
  static final int PAUSE_INTERVALS_MAX = 4;

  private record UnderWay(String memberId, List<Heat.Hot> told) {}

  /**
   * After a pause has ended everybody is looked at again, but so many times in a gossip interval at
   * most: in a large ring pauses end all the time, and each look goes over all members.
   */
  private static final int LOOKS_PER_INTERVAL = 10;

  /**
   * When a member may be told something again.
   *
   * @param startedNanos when the last push to it began
   */
  private record Turn(long startedNanos, long notBeforeNanos, int failures) {
    static final Turn FIRST = new Turn(Long.MIN_VALUE, Long.MIN_VALUE, 0);
  }

  /** Who is told something before its gossip interval has passed, and in which order. */
  private enum Hurry {
    VOTER,
    LISTENER,
    NONE
  }

  /** What has to be told right before a rumor. */
  @FunctionalInterface
  public interface Preface {
    List<? extends Rumor> before(Rumor rumor, String memberId);
  }

  private final Settings settings;
  private final RandomGenerator random;
  private final MemberList members;
  private final RumorStores stores;
  private final Heat heat;
  private final Preface preface;
  private final Map<Long, UnderWay> underWay = new LinkedHashMap<>();
  private final Map<String, Turn> turns = new HashMap<>();
  private final Set<String> doubtful = new HashSet<>();
  private final Deque<Entry> waiting = new ArrayDeque<>();
  private final Map<String, Hurry> hurried = new HashMap<>();
  private long lastPush;
  private long nextLookNanos = Long.MAX_VALUE;
  private boolean stirred = true;

  public Pusher(
      Settings settings,
      RandomGenerator random,
      MemberList members,
      RumorStores stores,
      Heat heat,
      Preface preface) {
    this.settings = settings;
    this.random = random;
    this.members = members;
    this.stores = stores;
    this.heat = heat;
    this.preface = preface;
  }

  /**
   * An election that these members vote in has moved: they are told before others, and as soon as
   * the push interval of elections allows.
   */
  public void hurry(Collection<String> memberIds) {
    memberIds.forEach(id -> hurried.put(id, Hurry.VOTER));
    stirred = true;
  }

  /** An election is finished: everybody else is told next, and does not wait for an interval. */
  public void announce() {
    members.entries().forEach(entry -> hurried.putIfAbsent(entry.id(), Hurry.LISTENER));
    stirred = true;
  }

  /** Something became hot, or somebody can be told again: look at everybody. */
  public void stir() {
    stirred = true;
  }

  /** What is being pushed to a member right now. */
  public List<Heat.Hot> underWayTo(String memberId) {
    for (UnderWay push : underWay.values()) {
      if (push.memberId().equals(memberId)) {
        return push.told();
      }
    }
    return List.of();
  }

  /**
   * The pushes to start now.
   *
   * @param selfId this member, which is not told and which is named as origin of member rumors
   * @param blocked members to leave out
   */
  public List<Output.Push> due(String selfId, Collection<String> blocked, long nowNanos) {
    List<Output.Push> pushes = new ArrayList<>();
    while (underWay.size() < settings.pushFanout()) {
      boolean lookAgain = stirred || nowNanos >= nextLookNanos;
      if (lookAgain && (waiting.isEmpty() || !hurried.isEmpty() || !waiting.peek().heard())) {
        look(selfId, nowNanos);
      }
      if (waiting.isEmpty()) {
        break;
      }
      members
          .find(waiting.remove().id())
          .filter(target -> isDue(target, blocked, nowNanos))
          .flatMap(target -> start(target, selfId, nowNanos))
          .ifPresent(pushes::add);
    }
    return pushes;
  }

  /** When {@link #due} may have something to say next, if nothing is stirred before. */
  public long nextDeadlineNanos() {
    return underWay.size() >= settings.pushFanout() ? Long.MAX_VALUE : nextLookNanos;
  }

  /**
   * Lines up whoever may be told something, in random order, but those heard themselves first: a
   * flood of invented members must not delay the real ones.
   */
  private void look(String selfId, long nowNanos) {
    stirred = false;
    nextLookNanos = Long.MAX_VALUE;
    waiting.clear();
    List<Entry> targets = new ArrayList<>();
    Set<String> stillHurried = new HashSet<>();
    for (Entry entry : members.entries()) {
      if (entry.isPushable() && !entry.id().equals(selfId) && hasToBeTold(entry.id())) {
        if (hurried.containsKey(entry.id())) {
          stillHurried.add(entry.id());
        }
        long notBefore = notBeforeNanos(entry.id());
        if (notBefore <= nowNanos) {
          targets.add(entry);
        } else if (hurried.containsKey(entry.id())) {
          nextLookNanos = Math.min(nextLookNanos, notBefore);
        } else {
          lookAt(notBefore, nowNanos);
        }
      }
    }
    hurried.keySet().retainAll(stillHurried);
    Collections.shuffle(targets, random);
    targets.sort(
        Comparator.comparing((Entry entry) -> hurried.getOrDefault(entry.id(), Hurry.NONE))
            .thenComparing(Comparator.comparing(Entry::heard).reversed()));
    waiting.addAll(targets);
  }

  private void lookAt(long wantedNanos, long nowNanos) {
    long soonest = nowNanos + settings.gossipInterval().toNanos() / LOOKS_PER_INTERVAL;
    nextLookNanos = Math.min(nextLookNanos, Math.max(wantedNanos, soonest));
  }

  private boolean isDue(Entry target, Collection<String> blocked, long nowNanos) {
    return target.isPushable()
        && !blocked.contains(target.id())
        && notBeforeNanos(target.id()) <= nowNanos
        && hasToBeTold(target.id())
        && underWayTo(target.id()).isEmpty();
  }

  private boolean hasToBeTold(String memberId) {
    return doubtful.contains(memberId) || heat.isAnythingHot(memberId);
  }

  /** A push has ended; what was delivered is cooled. */
  public void ended(long pushId, boolean delivered, long nowNanos) {
    UnderWay push = underWay.remove(pushId);
    if (push == null) {
      return;
    }
    if (members.find(push.memberId()).isEmpty()) {
      return;
    }
    if (delivered) {
      Turn turn = turn(push.memberId());
      heat.cool(push.memberId(), push.told());
      turns.put(push.memberId(), new Turn(turn.startedNanos(), turn.notBeforeNanos(), 0));
      lookAt(turn.notBeforeNanos(), nowNanos);
      if (hurried.containsKey(push.memberId())) {
        nextLookNanos = Math.min(nextLookNanos, notBeforeNanos(push.memberId()));
      }
    } else {
      pause(push.memberId(), nowNanos);
    }
  }

  /**
   * A connection broke or did not come about: the member is left in peace for a while, longer each
   * time.
   */
  public void pause(String memberId, long nowNanos) {
    if (members.find(memberId).isEmpty()) {
      return;
    }
    doubtful.add(memberId);
    int failures = Math.min(turn(memberId).failures() + 1, PAUSE_INTERVALS_MAX);
    long pause = failures * settings.gossipInterval().toNanos();
    turns.put(memberId, new Turn(nowNanos, nowNanos + pause, failures));
    hurried.remove(memberId);
    lookAt(nowNanos + pause, nowNanos);
  }

  /**
   * What this member was told lately may be lost, be it over a connection or by datagrams; it may
   * even have been started again without anybody's notice, and have lost what it was told long
   * before. So everything is hot for it in the next push that is delivered.
   */
  public void doubt(String memberId, long nowNanos) {
    if (members.find(memberId).isPresent()) {
      doubtful.add(memberId);
      lookAt(nowNanos, nowNanos);
    }
  }

  /** A member came back: no pause is left over from when it was away. */
  public void welcome(String memberId) {
    turns.remove(memberId);
    doubtful.remove(memberId);
    stirred = true;
  }

  private Turn turn(String memberId) {
    return turns.getOrDefault(memberId, Turn.FIRST);
  }

  /** A member that does not answer is left in peace whatever the hurry. */
  private long notBeforeNanos(String memberId) {
    Turn turn = turn(memberId);
    boolean now = hurried.containsKey(memberId) && turn.failures() == 0;
    long soonest = turn.startedNanos() + settings.elections().pushInterval().toNanos();
    return now ? Math.min(turn.notBeforeNanos(), soonest) : turn.notBeforeNanos();
  }

  private Optional<Output.Push> start(Entry target, String selfId, long nowNanos) {
    if (doubtful.remove(target.id())) {
      heat.rewarm(target.id());
    }
    List<Heat.Hot> told = withLeaders(heat.hot(target.id(), RUMORS_MAX), target.id());
    List<Rumor> rumors = new ArrayList<>(told.size());
    List<Heat.Hot> untold = new ArrayList<>();
    for (Heat.Hot hot : told) {
      current(hot.key(), selfId).ifPresentOrElse(rumors::add, () -> untold.add(hot));
    }
    turns.put(
        target.id(),
        new Turn(
            nowNanos,
            nowNanos + settings.gossipInterval().toNanos(),
            turn(target.id()).failures()));
    hurried.remove(target.id());
    if (rumors.isEmpty()) {
      heat.cool(target.id(), untold);
      return Optional.empty();
    }
    // A service is told before the election of its group (butterfly.md 0.3 S10).
    rumors.sort(Comparator.comparing(Pusher::isElection));
    rumors = withPrefaces(rumors, target.id());
    lastPush++;
    underWay.put(lastPush, new UnderWay(target.id(), told));
    return Optional.of(new Output.Push(lastPush, target.id(), target.member().gossip(), rumors));
  }

  /**
   * Adds the services of the candidates if they are still to be told, too: among very many rumors a
   * push can reach an election before the service that an original needs for it (S10).
   */
  private List<Heat.Hot> withLeaders(List<Heat.Hot> told, String memberId) {
    SequencedSet<Heat.Hot> all = new LinkedHashSet<>(told);
    for (Heat.Hot hot : told) {
      if (hot.key().kind() == RumorKind.ELECTION) {
        stores
            .elections()
            .find(hot.key().key(), hot.key().id())
            .map(ElectionRumor::election)
            .map(one -> new RumorKey(RumorKind.SERVICE, one.group(), one.candidate()))
            .flatMap(service -> heat.hot(memberId, service))
            .ifPresent(all::add);
      }
    }
    return List.copyOf(all);
  }

  private List<Rumor> withPrefaces(List<Rumor> rumors, String memberId) {
    List<Rumor> all = new ArrayList<>(rumors.size());
    for (Rumor rumor : rumors) {
      all.addAll(preface.before(rumor, memberId));
      all.add(rumor);
    }
    return all;
  }

  private Optional<? extends Rumor> current(RumorKey key, String selfId) {
    return key.kind() == RumorKind.MEMBER
        ? members.find(key.id()).map(entry -> new MemberRumor(selfId, entry.membership()))
        : stores.find(key);
  }

  private static boolean isElection(Rumor rumor) {
    return switch (rumor.kind()) {
      case ELECTION, ELECTION_UPDATE -> true;
      case MEMBER, SERVICE, SERVICE_CONFIG, SERVICE_FILE, DEPARTURE -> false;
    };
  }
}
