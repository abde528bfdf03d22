package dev.monarch.butterfly.rumor;

import dev.monarch.wire.RumorKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who still has to be told what (butterfly.md 6): a rumor is hot for a member until the member was
 * told it a few times, on either plane, and hot for everybody again when it changes.
 *
 * <p>The original keeps a counter per rumor and member and sorts them all for every datagram. Here
 * each start of a rumor gets a number of its own, rising over all rumors, and for each member it is
 * enough to know a mark up to which every number is cold, and the counters above the mark. In a
 * quiet ring the mark is at the end and there is nothing above it, so that asking costs nothing; a
 * member that was never told anything costs nothing either, whatever the number of rumors. A
 * counter made for an older start of the same rumor no longer fits its number and counts as none.
 *
 * <p>Order within the hot list: most told first, never told last, as in the original; among equals
 * the older first, which lets the mark rise.
 */
public final class Heat {
  /**
   * A rumor that is hot.
   *
   * @param start the number of the start that made it hot; telling it cools this start only, so
   *     that a rumor which changes while it is being told stays hot
   */
  public record Hot(RumorKey key, long start) {}

  private record Told(long start, int times) {}

  /** What is known of one member above its mark. */
  private static final class Listener {
    long coldUpTo;
    final Map<RumorKey, Told> told = new HashMap<>();

    /** Rumors told once, twice and so on, but not yet cold; some are out of date. */
    final List<SequencedSet<RumorKey>> warm = new ArrayList<>();

    Listener(int shareLimit) {
      for (int times = 1; times < shareLimit; times++) {
        warm.add(new LinkedHashSet<>());
      }
    }

    int times(RumorKey key, long start) {
      Told entry = told.get(key);
      return entry == null || entry.start() != start ? 0 : entry.times();
    }

    void toldOnceMore(RumorKey key, long start) {
      int times = times(key, start) + 1;
      warm.forEach(set -> set.remove(key));
      told.put(key, new Told(start, times));
      if (times <= warm.size()) {
        warm.get(times - 1).add(key);
      }
    }

    void forget(RumorKey key) {
      told.remove(key);
      warm.forEach(set -> set.remove(key));
    }
  }

  private final int shareLimit;
  private final Map<RumorKey, Long> starts = new HashMap<>();
  private final TreeMap<Long, RumorKey> keys = new TreeMap<>();
  private final Map<String, Listener> listeners = new HashMap<>();
  private long lastStart;

  /**
   * Nothing is hot yet.
   *
   * @param shareLimit times a rumor is told to one member
   */
  public Heat(int shareLimit) {
    this.shareLimit = shareLimit;
  }

  /** Makes a rumor hot for everybody. */
  public void start(RumorKey key) {
    forget(key);
    lastStart++;
    starts.put(key, lastStart);
    keys.put(lastStart, key);
  }

  /** No longer tells a rumor to anybody. */
  public void forget(RumorKey key) {
    Long start = starts.remove(key);
    if (start != null) {
      keys.remove(start);
    }
  }

  /** Makes everything hot for a member: it came back, or may have lost what it was told. */
  public void rewarm(String memberId) {
    listeners.remove(memberId);
  }

  /** A certain rumor, if it is hot for a member. */
  public Optional<Hot> hot(String memberId, RumorKey key) {
    Long start = starts.get(key);
    Listener listener = listeners.get(memberId);
    if (start == null) {
      return Optional.empty();
    }
    boolean cold =
        listener != null
            && (start <= listener.coldUpTo || listener.times(key, start) >= shareLimit);
    return cold ? Optional.empty() : Optional.of(new Hot(key, start));
  }

  /**
   * What happens to heat when a member departs (6.4): the services it ran are told no more, and
   * everything else is hot for it should it return.
   */
  public void purge(String memberId) {
    List<RumorKey> services =
        keys.values().stream()
            .filter(key -> key.kind() == RumorKind.SERVICE && key.id().equals(memberId))
            .toList();
    services.forEach(this::forget);
    rewarm(memberId);
  }

  /** True if there is anything to tell a member. */
  public boolean isAnythingHot(String memberId) {
    Listener listener = listeners.get(memberId);
    if (listener == null) {
      return !keys.isEmpty();
    }
    // The first above a raised mark is not cold.
    raiseMark(listener);
    return keys.higherKey(listener.coldUpTo) != null;
  }

  /** At most so many hot rumors of all kinds for a member, in order. */
  public List<Hot> hot(String memberId, int max) {
    return collect(memberId, max, false);
  }

  /** At most so many hot rumors about members, in order. */
  public List<Hot> hotMembers(String memberId, int max) {
    return collect(memberId, max, true);
  }

  /** Notes that a member was told these. */
  public void cool(String memberId, List<Hot> told) {
    Listener listener = listeners.computeIfAbsent(memberId, id -> new Listener(shareLimit));
    for (Hot hot : told) {
      if (isCurrent(hot) && hot.start() > listener.coldUpTo) {
        listener.toldOnceMore(hot.key(), hot.start());
      }
    }
    raiseMark(listener);
  }

  private boolean isCurrent(Hot hot) {
    Long start = starts.get(hot.key());
    return start != null && start == hot.start();
  }

  private void raiseMark(Listener listener) {
    Map.Entry<Long, RumorKey> next = keys.higherEntry(listener.coldUpTo);
    while (next != null && listener.times(next.getValue(), next.getKey()) >= shareLimit) {
      listener.forget(next.getValue());
      listener.coldUpTo = next.getKey();
      next = keys.higherEntry(listener.coldUpTo);
    }
    if (next == null) {
      listener.told.clear();
      listener.warm.forEach(Set::clear);
    }
  }

  private List<Hot> collect(String memberId, int max, boolean membersOnly) {
    List<Hot> hot = new ArrayList<>();
    Listener listener = listeners.get(memberId);
    if (listener != null) {
      for (SequencedSet<RumorKey> warm : listener.warm.reversed()) {
        collectWarm(listener, warm, max, membersOnly, hot);
      }
    }
    long mark = listener == null ? 0 : listener.coldUpTo;
    for (Map.Entry<Long, RumorKey> next : keys.tailMap(mark, false).entrySet()) {
      if (hot.size() >= max) {
        break;
      }
      RumorKey key = next.getValue();
      boolean untold = listener == null || listener.times(key, next.getKey()) == 0;
      if (untold && isWanted(key, membersOnly)) {
        hot.add(new Hot(key, next.getKey()));
      }
    }
    return hot;
  }

  private void collectWarm(
      Listener listener, SequencedSet<RumorKey> warm, int max, boolean membersOnly, List<Hot> hot) {
    Iterator<RumorKey> each = warm.iterator();
    while (each.hasNext() && hot.size() < max) {
      RumorKey key = each.next();
      Long start = starts.get(key);
      if (start == null || listener.times(key, start) == 0) {
        // It was started anew or is told no more since.
        each.remove();
        listener.told.remove(key);
      } else if (isWanted(key, membersOnly)) {
        hot.add(new Hot(key, start));
      }
    }
  }

  private static boolean isWanted(RumorKey key, boolean membersOnly) {
    return !membersOnly || key.kind() == RumorKind.MEMBER;
  }
}
