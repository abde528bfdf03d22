package dev.monarch.cli.demo;

import dev.monarch.wire.Health;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What shall come true. */
sealed interface Goal {
  /** Every observer believes so of every subject now. */
  static Goal now(String observers, String subjects, Health health) {
    return new Believed(observers, subjects, health, true);
  }

  /** Every observer has believed so of every subject, or worse, since the step began. */
  static Goal passed(String observers, String subjects, Health health) {
    return new Believed(observers, subjects, health, false);
  }

  /** The service on every observer goes by a list of exactly these members. */
  static Goal listed(String observers, String members) {
    return new Listed(observers, members);
  }

  /** The services on all observers that were not ended follow one member that was not either. */
  static Goal led(String observers) {
    return new Led(observers);
  }

  /**
   * When the last of them came to it.
   *
   * @param since when the step began; nothing counts as earlier
   * @return empty while somebody has not
   */
  Optional<Instant> reached(Beliefs beliefs, Instant since);

  /** Who has not, such as {@code B holds D suspect}. */
  List<String> missing(Beliefs beliefs, Instant since);

  /**
   * What every observer should believe about every subject.
   *
   * @param observers letters
   * @param subjects letters; nobody has to believe anything about itself
   * @param lasting true if it must be believed now; false if having believed it, or worse, since
   *     the step began is enough
   */
  record Believed(String observers, String subjects, Health health, boolean lasting)
      implements Goal {
    @Override
    public Optional<Instant> reached(Beliefs beliefs, Instant since) {
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

    @Override
    public List<String> missing(Beliefs beliefs, Instant since) {
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

  /**
   * Whom the service on every observer should go by.
   *
   * @param observers letters
   * @param members letters in their order
   */
  record Listed(String observers, String members) implements Goal {
    @Override
    public Optional<Instant> reached(Beliefs beliefs, Instant since) {
      Instant last = since;
      for (int o = 0; o < observers.length(); o++) {
        char observer = observers.charAt(o);
        Optional<Beliefs.Listing> listing =
            beliefs.listing(observer).filter(known -> known.members().equals(members));
        if (listing.isEmpty()) {
          return Optional.empty();
        }
        Instant at = listing.get().since();
        last = at.isAfter(last) ? at : last;
      }
      return Optional.of(last);
    }

    @Override
    public List<String> missing(Beliefs beliefs, Instant since) {
      List<String> missing = new ArrayList<>();
      for (int o = 0; o < observers.length(); o++) {
        char observer = observers.charAt(o);
        Optional<Beliefs.Listing> listing = beliefs.listing(observer);
        if (listing.filter(known -> known.members().equals(members)).isEmpty()) {
          missing.add(
              listing
                  .map(known -> "the service on %c goes by %s".formatted(observer, known.members()))
                  .orElse("the service on %c goes by nobody yet".formatted(observer)));
        }
      }
      return missing;
    }
  }

  /**
   * Who should follow one leader.
   *
   * @param observers letters; who was ended does not count
   */
  record Led(String observers) implements Goal {
    @Override
    public Optional<Instant> reached(Beliefs beliefs, Instant since) {
      Optional<Character> leader = beliefs.leader().filter(known -> !beliefs.isGone(known));
      Instant last = since;
      for (char observer : present(beliefs)) {
        Optional<Beliefs.Following> following =
            beliefs.following(observer).filter(known -> leader.equals(Optional.of(known.leader())));
        if (following.isEmpty()) {
          return Optional.empty();
        }
        Instant at = following.get().since();
        last = at.isAfter(last) ? at : last;
      }
      return Optional.of(last);
    }

    @Override
    public List<String> missing(Beliefs beliefs, Instant since) {
      List<String> said = new ArrayList<>();
      for (char observer : present(beliefs)) {
        said.add(
            beliefs
                .following(observer)
                .map(known -> "the service on %c follows %c".formatted(observer, known.leader()))
                .orElse("the service on %c follows nobody yet".formatted(observer)));
      }
      return said;
    }

    private List<Character> present(Beliefs beliefs) {
      List<Character> present = new ArrayList<>();
      for (int o = 0; o < observers.length(); o++) {
        if (!beliefs.isGone(observers.charAt(o))) {
          present.add(observers.charAt(o));
        }
      }
      return present;
    }
  }
}
