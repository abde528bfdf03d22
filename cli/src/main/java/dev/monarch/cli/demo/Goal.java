package dev.monarch.cli.demo;

import dev.monarch.wire.Health;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What every observer should believe about every subject.
 *
 * @param observers letters
 * @param subjects letters; nobody has to believe anything about itself
 * @param lasting true if it must be believed now; false if having believed it, or worse, since the
 *     step began is enough
 */
record Goal(String observers, String subjects, Health health, boolean lasting) {

  static Goal now(String observers, String subjects, Health health) {
    return new Goal(observers, subjects, health, true);
  }

  static Goal passed(String observers, String subjects, Health health) {
    return new Goal(observers, subjects, health, false);
  }

  /**
   * When the last of them came to believe it.
   *
   * @param since when the step began; nothing counts as earlier
   * @return empty while somebody does not
   */
  Optional<Instant> reached(Beliefs beliefs, Instant since) {
    Instant last = since;
    for (Pair pair : pairs()) {
      Optional<Instant> at = reached(beliefs, since, pair);
      if (at.isEmpty()) {
        return Optional.empty();
      }
      last = at.get().isAfter(last) ? at.get() : last;
    }
    return Optional.of(last);
  }

  private Optional<Instant> reached(Beliefs beliefs, Instant since, Pair pair) {
    return lasting
        ? beliefs.steadilySince(pair.observer(), pair.subject(), health)
        : beliefs.firstAtLeast(pair.observer(), pair.subject(), health, since);
  }

  private List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (int o = 0; o < observers.length(); o++) {
      for (int s = 0; s < subjects.length(); s++) {
        if (observers.charAt(o) != subjects.charAt(s)) {
          pairs.add(new Pair(observers.charAt(o), subjects.charAt(s)));
        }
      }
    }
    return pairs;
  }

  private record Pair(char observer, char subject) {}

  /** Who does not believe it, such as {@code B holds D suspect}. */
  List<String> missing(Beliefs beliefs, Instant since) {
    List<String> missing = new ArrayList<>();
    for (Pair pair : pairs()) {
      if (reached(beliefs, since, pair).isEmpty()) {
        String who = pair.observer() + " %s " + pair.subject();
        missing.add(
            beliefs
                .about(pair.observer(), pair.subject())
                .map(b -> who.formatted("holds") + " " + b.to().name().toLowerCase(Locale.ROOT))
                .orElse(who.formatted("does not know")));
      }
    }
    return missing;
  }
}
