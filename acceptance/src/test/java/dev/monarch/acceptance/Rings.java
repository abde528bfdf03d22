package dev.monarch.acceptance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a set of Supervisors thinks of each other. */
final class Rings {
  /** A suspicion lives for 9.3 s, and the next one may follow it on a busy machine. */
  private static final Duration REFUTED_WITHIN = Duration.ofSeconds(60);

  private static final Set<String> KEPT = Set.of("Alive", "Suspect");

  private Rings() {}

  /** Everyone holds everyone else in this health. */
  static Duration awaitAgreement(Collection<Supervisor> members, String health, Duration within) {
    return awaitSeen(members, members, health, within);
  }

  /** Each observer holds each subject, itself aside, in this health. */
  static Duration awaitSeen(
      Collection<Supervisor> observers,
      Collection<Supervisor> subjects,
      String health,
      Duration within) {
    return Waiting.until(
        observers + " see " + subjects + " " + health,
        within,
        () -> look(observers, subjects, health));
  }

  /** Each observer holds each subject in this health for the whole span. */
  static void assertSeenThroughout(
      Collection<Supervisor> observers,
      Collection<Supervisor> subjects,
      String health,
      Duration span) {
    Waiting.throughout(
        observers + " see " + subjects + " " + health,
        span,
        () -> look(observers, subjects, health));
  }

  /**
   * For the whole span nobody gives anybody up, and then everyone holds everyone alive. A suspicion
   * in between that is refuted is what the protocol has for members that are busy.
   */
  static void assertKeepEachOther(Collection<Supervisor> members, Duration span) {
    Waiting.throughout(members + " keep each other", span, () -> look(members, members, KEPT));
    Waiting.until(
        members + " refute what they were suspected of",
        REFUTED_WITHIN,
        () -> {
          Waiting.Look kept = look(members, members, KEPT);
          if (!kept.done()) {
            throw new AssertionError("given up: " + kept.seen());
          }
          return look(members, members, "Alive");
        });
  }

  /** Who does not hold whom in this health. */
  static Waiting.Look look(
      Collection<Supervisor> observers, Collection<Supervisor> subjects, String health) {
    return look(observers, subjects, Set.of(health));
  }

  private static Waiting.Look look(
      Collection<Supervisor> observers, Collection<Supervisor> subjects, Set<String> healths) {
    List<String> differences = new ArrayList<>();
    for (Supervisor observer : observers) {
      Map<String, Gateway.Seen> members = observer.gateway().members();
      for (Supervisor subject : subjects) {
        if (subject == observer) {
          continue;
        }
        Gateway.Seen seen = members.get(subject.memberId());
        if (seen == null || !healths.contains(seen.health())) {
          differences.add(
              observer + " sees " + subject + " " + (seen == null ? "not at all" : seen));
        }
      }
    }
    return new Waiting.Look(differences.isEmpty(), String.join("; ", differences));
  }

  /** A store of rumors holds this group's entry at this incarnation. */
  static Duration awaitIncarnation(
      Supervisor member,
      String store,
      String group,
      String entry,
      long incarnation,
      Duration within) {
    return Waiting.until(
        member + " knows " + entry + " of " + group + " at " + incarnation,
        within,
        () -> {
          Json document = member.gateway().butterfly();
          Json list = document.at(store, "list").orElse(new Json.Leaf("no store " + store));
          boolean known =
              list.at(group, entry).isPresent()
                  && list.number(group, entry, "incarnation").longValueExact() == incarnation;
          return new Waiting.Look(known, list.toString());
        });
  }
}
