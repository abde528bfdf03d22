package dev.monarch.butterfly.membership;

import dev.monarch.butterfly.Settings;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Everybody this member knows of, with what it believes about them.
 *
 * <p>News comes from three sides: somebody says something ({@link #hearsay}), the member itself is
 * heard ({@link #contact}), or time passes ({@link #expire}). The first two follow {@link
 * MergeRules}; the third turns suspects into confirmed ones and those into departed ones
 * (butterfly.md 4.6). Nothing here lowers an incarnation.
 *
 * <p>Entries are not deleted, with one exception: when the list is full, a member heard directly
 * takes the place of one known from hearsay only, or else of a dead one. Whoever floods the ring
 * with invented members can fill the list, but cannot keep a real one out.
 */
public final class MemberList {
  /**
   * More members than any ring of originals was reported to have; at some 500 bytes each the list
   * then takes 8 MB.
   */
  static final int MEMBERS_MAX = 16_384;

  /** Timers of replaced entries that are let lie before they are swept out. */
  private static final int STALE_TIMERS_MAX = 1024;

  /** A health that changes by itself at a certain time, unless the entry is replaced before. */
  private record Timer(long deadlineNanos, long sinceNanos, Health health, String id) {}

  private final Settings settings;
  private final String selfId;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::deadlineNanos));
  private long updateCounter;

  /**
   * An empty list.
   *
   * @param selfId this member, whose own entry no other takes the place of
   */
  public MemberList(Settings settings, String selfId) {
    this.settings = settings;
    this.selfId = selfId;
  }

  public Optional<Entry> find(String id) {
    return Optional.ofNullable(entries.get(id));
  }

  /** All entries, in the order they became known. */
  public Collection<Entry> entries() {
    return Collections.unmodifiableCollection(entries.values());
  }

  /** True if a member not known yet can only take the place of another one. */
  public boolean isFull() {
    return entries.size() >= MEMBERS_MAX;
  }

  /** Accepted changes since the start. */
  public long updateCounter() {
    return updateCounter;
  }

  /** Believes what somebody says, if it is news. */
  public Optional<Change> hearsay(Membership news, long nowNanos) {
    String id = news.member().id();
    Entry stored = entries.get(id);
    if (stored == null) {
      if (isFull()) {
        return Optional.empty();
      }
    } else if (!MergeRules.acceptsHearsay(stored.membership(), news)) {
      return Optional.empty();
    }
    return Optional.of(put(news, stored != null && stored.heard(), nowNanos, Optional.empty()));
  }

  /** Believes that a member that was heard itself is alive, if that is news. */
  public Optional<Change> contact(Member heard, long nowNanos) {
    Entry stored = entries.get(heard.id());
    if (stored == null) {
      Optional<String> displaced = isFull() ? evictOne() : Optional.empty();
      return isFull()
          ? Optional.empty()
          : Optional.of(put(new Membership(heard, Health.ALIVE), true, nowNanos, displaced));
    }
    if (MergeRules.acceptsContact(stored.membership(), heard)) {
      Member kept = MergeRules.afterContact(stored.membership(), heard);
      return Optional.of(put(new Membership(kept, Health.ALIVE), true, nowNanos, Optional.empty()));
    }
    if (!stored.heard()) {
      entries.put(heard.id(), new Entry(stored.membership(), stored.sinceNanos(), true));
    }
    return Optional.empty();
  }

  /** Replaces an entry whatever the rules say: a departure ordered, or one's own record. */
  public Change force(Membership membership, long nowNanos) {
    Entry stored = entries.get(membership.member().id());
    return put(membership, stored != null && stored.heard(), nowNanos, Optional.empty());
  }

  /** Lets the suspicions and departures that are due come true. */
  public List<Change> expire(long nowNanos) {
    List<Change> changes = new ArrayList<>();
    for (Timer next = timers.peek();
        next != null && next.deadlineNanos() <= nowNanos;
        next = timers.peek()) {
      timers.remove();
      Optional<Entry> entry = ofToday(next);
      if (entry.isPresent()) {
        Entry due = entry.get();
        worsened(due.health())
            .map(health -> new Membership(due.member(), health))
            .ifPresent(worse -> changes.add(put(worse, due.heard(), nowNanos, Optional.empty())));
      }
    }
    return changes;
  }

  /** The entry, if it is still the one the timer was set for. */
  private Optional<Entry> ofToday(Timer timer) {
    // Two records of one member can be accepted at the same time, so that the time is not enough.
    return find(timer.id())
        .filter(entry -> entry.sinceNanos() == timer.sinceNanos())
        .filter(entry -> entry.health() == timer.health());
  }

  /** When {@link #expire} has something to do next. */
  public long nextDeadlineNanos() {
    Timer next = timers.peek();
    return next == null ? Long.MAX_VALUE : next.deadlineNanos();
  }

  /** Timers set, stale ones included. */
  int timers() {
    return timers.size();
  }

  private static Optional<Health> worsened(Health health) {
    return switch (health) {
      case SUSPECT -> Optional.of(Health.CONFIRMED);
      case CONFIRMED -> Optional.of(Health.DEPARTED);
      case ALIVE, DEPARTED -> Optional.empty();
    };
  }

  private Change put(
      Membership membership, boolean heard, long nowNanos, Optional<String> displaced) {
    Entry entry = new Entry(membership, nowNanos, heard);
    Optional<Entry> before = Optional.ofNullable(entries.put(entry.id(), entry));
    updateCounter++;
    switch (membership.health()) {
      case SUSPECT -> setTimer(entry, settings.suspicionTimeout());
      case CONFIRMED -> setTimer(entry, settings.departureTimeout());
      case ALIVE, DEPARTED -> {}
    }
    return new Change(before, entry, displaced);
  }

  private void setTimer(Entry entry, Duration timeout) {
    if (timers.size() >= 2 * entries.size() + STALE_TIMERS_MAX) {
      // Whoever repeats a rumor with ever higher incarnations must not pile up days of timers.
      timers.removeIf(timer -> ofToday(timer).isEmpty());
    }
    timers.add(
        new Timer(
            entry.sinceNanos() + timeout.toNanos(),
            entry.sinceNanos(),
            entry.health(),
            entry.id()));
  }

  private Optional<String> evictOne() {
    Optional<Entry> least =
        entries.values().stream()
            .filter(entry -> !entry.heard() || entry.health().isWorseThan(Health.SUSPECT))
            .filter(entry -> !entry.id().equals(selfId))
            .max(
                Comparator.comparing((Entry entry) -> !entry.heard()).thenComparing(Entry::health));
    least.ifPresent(entry -> entries.remove(entry.id()));
    return least.map(Entry::id);
  }
}
