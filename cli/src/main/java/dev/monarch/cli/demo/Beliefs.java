package dev.monarch.cli.demo;

import dev.monarch.wire.Health;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who believes what about whom, and since when: the sum of all ring logs. Members are letters here;
 * lines about a member whose letter is not known yet are kept until it is.
 */
final class Beliefs {
  /** That a member changed in the eyes of another one. */
  record Change(
      Instant at,
      char observer,
      char subject,
      Optional<Health> from,
      Health to,
      String incarnation) {}

  /** Many more than any story needs; a demonstration may run for weeks. */
  private static final int HISTORY_MAX = 1_000;

  private final Map<String, Character> letters = new HashMap<>();
  private final Map<String, List<Change>> changes = new HashMap<>();
  private final Map<String, List<PendingLine>> pending = new HashMap<>();

  /**
   * Whom the service on a member goes by.
   *
   * @param members letters in their order
   */
  record Listing(String members, Instant since) {}

  private final Map<Character, Listing> listings = new HashMap<>();

  /**
   * Whom the service on a member follows.
   *
   * @param leader a letter
   */
  record Following(char leader, Instant since) {}

  private final Map<Character, Following> followings = new HashMap<>();
  private final Set<Character> gone = new HashSet<>();

  private record PendingLine(char observer, RingLogLine line) {}

  /** This id is this letter's. */
  List<Change> named(String memberId, char letter) {
    List<Change> now = new ArrayList<>();
    if (letters.put(memberId, letter) == null) {
      pending
          .getOrDefault(memberId, List.of())
          .forEach(waiting -> now.addAll(heard(waiting.observer(), waiting.line())));
      pending.remove(memberId);
    }
    return now;
  }

  /**
   * A line of an observer's log.
   *
   * @return the change, unless it is the observer's view of itself or of nobody we know
   */
  List<Change> heard(char observer, RingLogLine line) {
    Character subject = letters.get(line.member());
    if (subject == null) {
      pending
          .computeIfAbsent(line.member(), id -> new ArrayList<>())
          .add(new PendingLine(observer, line));
      return List.of();
    }
    if (subject == observer) {
      return List.of();
    }
    var change =
        new Change(line.at(), observer, subject, line.from(), line.to(), line.incarnation());
    List<Change> history = history(observer, subject);
    history.add(change);
    if (history.size() > HISTORY_MAX) {
      history.removeFirst();
    }
    return List.of(change);
  }

  /** The service on this member goes by these ids; those of nobody we know are left out. */
  void listed(char observer, List<String> ids, Instant since) {
    String members =
        ids.stream()
            .flatMap(id -> Stream.ofNullable(letters.get(id)))
            .sorted()
            .map(String::valueOf)
            .collect(Collectors.joining());
    listings.put(observer, new Listing(members, since));
  }

  /** Whom the service on this member goes by; empty as long as it has not started. */
  Optional<Listing> listing(char observer) {
    return Optional.ofNullable(listings.get(observer));
  }

  /** The service on this member follows the member with this id; nobody if there is none. */
  void led(char observer, List<String> ids, Instant since) {
    followings.remove(observer);
    ids.stream()
        .flatMap(id -> Stream.ofNullable(letters.get(id)))
        .findFirst()
        .ifPresent(leader -> followings.put(observer, new Following(leader, since)));
  }

  /** Whom the service on this member follows; empty if it has not started or follows nobody. */
  Optional<Following> following(char observer) {
    return Optional.ofNullable(followings.get(observer));
  }

  /** This member was ended; nobody waits for what it believes until it begins anew. */
  void gone(char member) {
    gone.add(member);
  }

  boolean isGone(char member) {
    return gone.contains(member);
  }

  /** The leader that all services follow, as long as they agree. */
  Optional<Character> leader() {
    Set<Character> leaders =
        followings.entrySet().stream()
            .filter(each -> !isGone(each.getKey()))
            .map(each -> each.getValue().leader())
            .collect(Collectors.toSet());
    return leaders.size() == 1 ? leaders.stream().findFirst() : Optional.empty();
  }

  /** The observer begins anew; its log will tell what it still knows. */
  void forgetAllOf(char observer) {
    gone.remove(observer);
    listings.remove(observer);
    followings.remove(observer);
    changes.keySet().removeIf(pair -> pair.charAt(0) == observer);
  }

  /** What the observer believes about the subject now; empty if it never heard of it. */
  Optional<Change> about(char observer, char subject) {
    List<Change> history = history(observer, subject);
    return history.isEmpty() ? Optional.empty() : Optional.of(history.getLast());
  }

  /** When the observer first believed so, or worse, of the subject after an instant. */
  Optional<Instant> firstAtLeast(char observer, char subject, Health health, Instant since) {
    return history(observer, subject).stream()
        .filter(c -> !c.at().isBefore(since) && !health.isWorseThan(c.to()))
        .map(Change::at)
        .findFirst();
  }

  /** Since when the observer has believed so, without a break; empty if it does not. */
  Optional<Instant> steadilySince(char observer, char subject, Health health) {
    Optional<Instant> since = Optional.empty();
    for (Change change : history(observer, subject).reversed()) {
      if (change.to() != health) {
        break;
      }
      since = Optional.of(change.at());
    }
    return since;
  }

  private List<Change> history(char observer, char subject) {
    return changes.computeIfAbsent("" + observer + subject, pair -> new ArrayList<>());
  }
}
