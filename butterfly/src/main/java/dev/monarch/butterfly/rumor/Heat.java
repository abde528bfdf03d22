package dev.monarch.butterfly.rumor;

import dev.monarch.wire.RumorKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Who still has to be told what (butterfly.md 6): a rumor is hot for a member until the member was
 * told it a few times, on either plane, and hot for everybody again when it changes.
 *
 * <p>The original keeps a counter per rumor and member and sorts them all for every datagram. Here
 * each start of a rumor gets a number of its own, rising over all rumors. A member is told older
 * ones first, so that a few marks say nearly all: up to this number everything was told it once, up
 * to that one twice, and so on. Only what was told out of turn has a counter of its own. In a quiet
 * ring all marks are at the end, so that asking costs nothing; a member that was never told
 * anything costs nothing either, whatever the number of rumors. A rumor that changes gets a new
 * number, beyond all marks.
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

  private static final class Listener {
    /** By times told: every number up to this one was told at least so many times. */
    final long[] toldUpTo;

    /** Times told of numbers that were told more often than the marks say. */
    final TreeMap<Long, Integer> outOfTurn = new TreeMap<>();

    Listener(int shareLimit) {
      toldUpTo = new long[shareLimit + 1];
    }

    int times(long start) {
      Integer counted = outOfTurn.get(start);
      if (counted != null) {
        return counted;
      }
      int times = 0;
      while (times + 1 < toldUpTo.length && start <= toldUpTo[times + 1]) {
        times++;
      }
      return times;
    }

    long coldUpTo() {
      return toldUpTo[toldUpTo.length - 1];
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
   * @param shareLimit times a rumor is told to one member, at least once
   */
  public Heat(int shareLimit) {
    if (shareLimit < 1) {
      throw new IllegalArgumentException(
          "expected a share limit of 1 or more, found " + shareLimit);
    }
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
    boolean cold = listener != null && listener.times(start) >= shareLimit;
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
    // Above the last mark comes nothing, or something that was not told often enough.
    raiseMarks(listener);
    return keys.higherKey(listener.coldUpTo()) != null;
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
      Long current = starts.get(hot.key());
      if (current != null && current == hot.start()) {
        int times = Math.min(listener.times(current) + 1, shareLimit);
        listener.outOfTurn.put(current, times);
      }
    }
    raiseMarks(listener);
    if (listener.outOfTurn.size() > keys.size()) {
      listener.outOfTurn.keySet().retainAll(keys.keySet());
    }
  }

  private void raiseMarks(Listener listener) {
    for (int times = 1; times <= shareLimit; times++) {
      Map.Entry<Long, RumorKey> next = keys.higherEntry(listener.toldUpTo[times]);
      while (next != null && listener.times(next.getKey()) >= times) {
        listener.toldUpTo[times] = next.getKey();
        // What the marks say by now needs no counter.
        listener.outOfTurn.remove(next.getKey(), times);
        next = keys.higherEntry(next.getKey());
      }
    }
    listener.outOfTurn.headMap(listener.coldUpTo(), true).clear();
  }

  private List<Hot> collect(String memberId, int max, boolean membersOnly) {
    Listener listener = listeners.getOrDefault(memberId, new Listener(shareLimit));
    List<Hot> hot = new ArrayList<>();
    for (int times = shareLimit - 1; times >= 0; times--) {
      Predicate<RumorKey> wanted = key -> !membersOnly || key.kind() == RumorKind.MEMBER;
      addInTurn(hot, max, listener, times, wanted);
      addOutOfTurn(hot, max, listener, times, wanted);
    }
    return hot;
  }

  private void addInTurn(
      List<Hot> hot, int max, Listener listener, int times, Predicate<RumorKey> wanted) {
    long above = listener.toldUpTo[times + 1];
    long upTo = times == 0 ? Long.MAX_VALUE : listener.toldUpTo[times];
    for (Map.Entry<Long, RumorKey> next : keys.subMap(above, false, upTo, true).entrySet()) {
      if (hot.size() >= max) {
        return;
      }
      if (wanted.test(next.getValue()) && !listener.outOfTurn.containsKey(next.getKey())) {
        hot.add(new Hot(next.getValue(), next.getKey()));
      }
    }
  }

  private void addOutOfTurn(
      List<Hot> hot, int max, Listener listener, int times, Predicate<RumorKey> wanted) {
    for (Map.Entry<Long, Integer> next : listener.outOfTurn.entrySet()) {
      if (hot.size() >= max) {
        return;
      }
      RumorKey key = keys.get(next.getKey());
      if (key != null && next.getValue() == times && wanted.test(key)) {
        hot.add(new Hot(key, next.getKey()));
      }
    }
  }
}
