package dev.monarch.butterfly.election;

import dev.monarch.butterfly.View;
import dev.monarch.wire.Health;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.ServiceGroup;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Why a group has the leader it has, or none, as one member sees it.
 *
 * @param group the group
 * @param situation who leads, or what is missing
 * @param term of the election known, unsigned; empty if none is known
 * @param suitability of its leader or candidate, unsigned
 * @param sinceNanos since when the election names this leader or candidate in this term, on the
 *     clock of {@link View#electionsSinceNanos}
 * @param votes those who voted, in the order of the record; there can be strangers among them
 * @param members everybody known to run a service of the group, by id
 * @param needed how many of the members have to be alive; zero if none of them counts
 */
public record Explanation(
    ServiceGroup group,
    Situation situation,
    OptionalLong term,
    OptionalLong suitability,
    OptionalLong sinceNanos,
    List<String> votes,
    List<Voter> members,
    int needed) {

  public Explanation {
    votes = List.copyOf(votes);
    members = List.copyOf(members);
  }

  /**
   * A member of the group.
   *
   * @param health empty if it is not in the member list, as one that nobody else has ever heard of
   * @param counts true if a quorum is more than half of it and others
   * @param voted true if its vote is in the record
   */
  public record Voter(String memberId, Optional<Health> health, boolean counts, boolean voted) {
    public boolean isAlive() {
      return health.equals(Optional.of(Health.ALIVE));
    }
  }

  /** How it stands. */
  public sealed interface Situation {
    /** It has a leader. */
    record Led(String leaderId) implements Situation {}

    /**
     * It is electing.
     *
     * @param missing members alive whose votes the candidate waits for; if there are none, it waits
     *     to be told so by another member
     */
    record Voting(String candidateId, List<String> missing) implements Situation {
      public Voting {
        missing = List.copyOf(missing);
      }
    }

    /**
     * Too few members are alive.
     *
     * @param waitingFor those whose return would help: they count and are not alive
     */
    record WithoutQuorum(List<String> waitingFor) implements Situation {
      public WithoutQuorum {
        waitingFor = List.copyOf(waitingFor);
      }
    }

    /**
     * The one elected is confirmed dead or has departed, and nobody has been elected since. It is
     * shown until the others have noticed and restart, and for good if none of them is left.
     */
    record Bereft(String formerId, Health health) implements Situation {}

    /** The election is finished, and no service of the one elected is known in the group. */
    record UnknownLeader(String electedId) implements Situation {}

    /** Members run the service, but none has stood for election: it is not of leader topology. */
    record NotElecting() implements Situation {}

    /** Nobody is known to run a service of the group. */
    record Unknown() implements Situation {}
  }

  /** What a view says of a group. */
  public static Explanation of(View view, ServiceGroup group) {
    Optional<Election> election =
        view.state().elections().stream()
            .filter(known -> known.group().equals(group.text()))
            .findFirst();
    List<String> votes = election.map(Election::votes).orElse(List.of());
    Map<String, Health> healths =
        view.state().members().stream()
            .collect(
                Collectors.toMap(member -> member.member().id(), Membership::health, (a, b) -> a));
    List<Voter> members =
        view.state().services().stream()
            .filter(service -> service.group().equals(group))
            .map(ServiceRumor::memberId)
            .map(
                id -> {
                  Optional<Health> health = Optional.ofNullable(healths.get(id));
                  boolean counts = health.filter(known -> known != Health.DEPARTED).isPresent();
                  return new Voter(id, health, counts, votes.contains(id));
                })
            .sorted(Comparator.comparing(Voter::memberId))
            .toList();
    long total = members.stream().filter(Voter::counts).count();
    Long since = view.electionsSinceNanos().get(group.text());
    return new Explanation(
        group,
        situation(election, members, total),
        number(election.map(Election::term)),
        number(election.map(Election::suitability)),
        since == null ? OptionalLong.empty() : OptionalLong.of(since),
        votes,
        members,
        total == 0 ? 0 : (int) (total / 2 + 1));
  }

  private static OptionalLong number(Optional<Long> known) {
    return known.map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  private static Situation situation(Optional<Election> election, List<Voter> members, long total) {
    if (members.isEmpty()) {
      return new Situation.Unknown();
    }
    if (election.isEmpty()) {
      return new Situation.NotElecting();
    }
    Election known = election.get();
    if (known.status() == ElectionStatus.FINISHED) {
      return members.stream()
          .filter(one -> one.memberId().equals(known.candidate()))
          .findFirst()
          .map(elected -> elected(elected))
          .orElseGet(() -> new Situation.UnknownLeader(known.candidate()));
    }
    List<Voter> alive = members.stream().filter(Voter::isAlive).toList();
    if (alive.size() <= total / 2) {
      return new Situation.WithoutQuorum(
          members.stream()
              .filter(one -> one.counts() && !one.isAlive())
              .map(Voter::memberId)
              .toList());
    }
    return new Situation.Voting(
        known.candidate(),
        alive.stream().filter(one -> !one.voted()).map(Voter::memberId).toList());
  }

  /** Who is only suspected leads on, and so does who is known to nobody but itself. */
  private static Situation elected(Voter leader) {
    return leader
        .health()
        .filter(held -> held.isWorseThan(Health.SUSPECT))
        .<Situation>map(held -> new Situation.Bereft(leader.memberId(), held))
        .orElseGet(() -> new Situation.Led(leader.memberId()));
  }

  /** Members that are alive. */
  public int alive() {
    return (int) members.stream().filter(Voter::isAlive).count();
  }

  /** Members a quorum is more than half of. */
  public int counted() {
    return (int) members.stream().filter(Voter::counts).count();
  }

  /** Who leads; empty if nobody does. */
  public Optional<String> leaderId() {
    return switch (situation) {
      case Situation.Led(String leaderId) -> Optional.of(leaderId);
      case Situation.Voting _,
          Situation.WithoutQuorum _,
          Situation.Bereft _,
          Situation.UnknownLeader _,
          Situation.NotElecting _,
          Situation.Unknown _ ->
          Optional.empty();
    };
  }

  /** The situation in one line, members by their ids. */
  public String text() {
    return switch (situation) {
      case Situation.Led(String leaderId) ->
          "%s leads in term %s, %d of %d alive"
              .formatted(leaderId, Long.toUnsignedString(term.orElse(0)), alive(), counted());
      case Situation.Voting(String candidateId, List<String> missing) ->
          missing.isEmpty()
              ? "%s is elected by all and waits to hear so from another member"
                  .formatted(candidateId)
              : "%s is the candidate and waits for the %s of %s"
                  .formatted(
                      candidateId,
                      missing.size() == 1 ? "vote" : "votes",
                      String.join(", ", missing));
      case Situation.WithoutQuorum(List<String> waitingFor) -> {
        if (counted() == 0) {
          yield members.stream().allMatch(one -> one.health().isPresent())
              ? "all of its members have departed"
              : "a member counts once another one has heard of it, and none has been heard of";
        }
        int lacking = needed - alive();
        yield "%d of %d alive, %d needed: waiting for %s%s"
            .formatted(
                alive(),
                counted(),
                needed,
                lacking < waitingFor.size() ? lacking + " of " : "",
                String.join(", ", waitingFor));
      }
      case Situation.Bereft(String formerId, Health health) ->
          "%s, elected in term %s, %s, and nobody has been elected since: %d of %d alive, %d needed"
              .formatted(
                  formerId,
                  Long.toUnsignedString(term.orElse(0)),
                  health == Health.DEPARTED ? "has departed" : "is confirmed dead",
                  alive(),
                  counted(),
                  needed);
      case Situation.UnknownLeader(String electedId) ->
          "%s was elected, but runs no service of the group as far as known here"
              .formatted(electedId);
      case Situation.NotElecting() ->
          "nobody has stood for election: not of leader topology, or not started yet";
      case Situation.Unknown() -> "nobody is known to run a service of " + group.text();
    };
  }
}
