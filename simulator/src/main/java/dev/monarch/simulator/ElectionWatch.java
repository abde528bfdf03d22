package dev.monarch.simulator;

import dev.monarch.butterfly.Input;
import dev.monarch.butterfly.Output;
import dev.monarch.butterfly.election.Explanation;
import dev.monarch.butterfly.election.Explanation.Voter;
import dev.monarch.wire.Health;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.ServiceGroup;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What must hold of a group's election after every event.
 *
 * <ol>
 *   <li>The term a process stores never falls (unless a forged one was beyond all reason, {@link
 *       #expectForgeries}).
 *   <li>Nobody but the candidate makes an election finished, and only if all members of the group
 *       that it holds alive have voted in it, and these are a quorum.
 *   <li>Two members that hear each other do not go on believing in two leaders of one term: at most
 *       for as long as it takes to tell each other. Who knows that its leader is dead believes in
 *       none, and who has said something that still waits in its kernel is not heard. A victory
 *       that was forged ({@link #expectForgeries}) can last until there is a quorum, which alone
 *       can end it.
 * </ol>
 *
 * <p>The third is no rule for an instant. By the rules of the protocol (butterfly.md 9.3, 9.5) a
 * vote is not kept by the candidate it was given to, so two candidates can finish in one term while
 * the news of the first one is on its way.
 */
public final class ElectionWatch {
  /**
   * How long two that hear each other may follow two leaders of one term, from the moment in which
   * the second one believed. What each of them says may have to wait for
   *
   * <ul>
   *   <li>a gossip interval, as the other one was told something else just now: 1 s;
   *   <li>the intervals for which the other one is left in peace after pushes that failed: 4 s;
   *   <li>the slowest way there is: 2 s.
   * </ul>
   *
   * That is 7 s, and 8 s with what a loaded timer adds.
   */
  static final Duration TOLD = Duration.ofSeconds(8);

  private record Belief(Election election, int generation) {}

  private record Pair(int one, int other) {}

  /** Two leaders, and who believes in them: the processes, not only their hosts. */
  private record Quarrel(int oneGeneration, int otherGeneration, long sinceNanos) {}

  private final Simulation ring;
  private final ServiceGroup group;
  private final Predicate<Host> isOriginal;
  private final Map<Integer, Belief> beliefs = new TreeMap<>();
  private final Map<Pair, Quarrel> quarrels = new HashMap<>();
  private boolean forgeries;
  private long finished;
  private long tolerated;

  /**
   * Watches from now on.
   *
   * @param isOriginal which hosts follow the original's rules, by which two members may believe in
   *     two leaders of one term for good
   */
  public ElectionWatch(Simulation ring, ServiceGroup group, Predicate<Host> isOriginal) {
    this.ring = ring;
    this.group = group;
    this.isOriginal = isOriginal;
    ring.tapStores(this::stored);
    // Somebody always says something, so this is as good as a clock.
    ring.tapWire(_ -> checkQuarrels());
  }

  /**
   * From now on a term may fall, from one that no elections can have led to, and a leader be
   * believed in whom nobody elected.
   */
  public void expectForgeries() {
    forgeries = true;
  }

  /** Elections that candidates have finished. */
  public long finished() {
    return finished;
  }

  /** Pairs with an original in them that went on believing in two leaders of one term. */
  public long tolerated() {
    return tolerated;
  }

  private void stored(Simulation.Stored stored) {
    if (stored.rumor() instanceof ElectionRumor(Election election)
        && election.group().equals(group.text())) {
      Host host = stored.by();
      Optional<Election> before =
          Optional.ofNullable(beliefs.get(host.index()))
              .filter(belief -> belief.generation() == host.generation)
              .map(Belief::election);
      beliefs.put(host.index(), new Belief(election, host.generation));
      checkTerm(host, before, election);
      if (isFinishedByItself(host, before, election, stored.cause())) {
        finished++;
        checkVotes(host, election, lostNext(stored));
      }
    }
    checkQuarrels();
  }

  private void checkTerm(Host host, Optional<Election> before, Election now) {
    before
        .filter(known -> Long.compareUnsigned(known.term(), now.term()) > 0)
        .filter(_ -> !forgeries)
        .ifPresent(
            known -> {
              throw ring.failure("the term at %s falls: %s after %s".formatted(host, now, known));
            });
  }

  private boolean isFinishedByItself(
      Host host, Optional<Election> before, Election now, Input cause) {
    boolean already =
        before
            .filter(known -> known.status() == ElectionStatus.FINISHED)
            .filter(known -> known.term() == now.term())
            .isPresent();
    boolean told =
        switch (cause) {
          case Input.RumorHeard(ElectionRumor(Election heard)) ->
              heard.status() == ElectionStatus.FINISHED;
          // A record that was told before may have waited for this.
          case Input.RumorHeard(ServiceRumor _) -> true;
          case Input.Publish _ -> true;
          case Input.RumorHeard _,
              Input.DatagramHeard _,
              Input.PushEnded _,
              Input.LinkLost _,
              Input.TimePassed _,
              Input.PeersKnown _,
              Input.StandForElection _,
              Input.StandForUpdateElection _,
              Input.SuitabilityKnown _,
              Input.RestartElection _,
              Input.StepDown _,
              Input.Depart _,
              Input.Leave _,
              Input.Block _ ->
              false;
        };
    // By the original's rules a lead that is read from disk counts.
    boolean restored = isOriginal.test(host) && before.isEmpty();
    return now.status() == ElectionStatus.FINISHED
        && now.candidate().equals(host.id())
        && !already
        && !told
        && !restored;
  }

  /** Whom the member ceased to hold alive after that, before anybody could look. */
  private static Set<String> lostNext(Simulation.Stored stored) {
    return stored.next().stream()
        .filter(Output.MemberChanged.class::isInstance)
        .map(Output.MemberChanged.class::cast)
        .filter(change -> change.from().equals(Optional.of(Health.ALIVE)))
        .map(change -> change.member().id())
        .collect(Collectors.toSet());
  }

  private void checkVotes(Host host, Election election, Set<String> lostNext) {
    Explanation seen = Explanation.of(host.view(), group);
    List<String> alive =
        seen.members().stream()
            .filter(voter -> voter.isAlive() || lostNext.contains(voter.memberId()))
            .map(Voter::memberId)
            .toList();
    List<String> silent = alive.stream().filter(id -> !election.votes().contains(id)).toList();
    if (!silent.isEmpty() || alive.size() < seen.needed() || alive.isEmpty()) {
      throw ring.failure(
          "%s finishes %s with %d of %d alive and without the votes of %s"
              .formatted(host, election, alive.size(), seen.counted(), silent));
    }
  }

  private void checkQuarrels() {
    for (Map.Entry<Integer, Belief> one : beliefs.entrySet()) {
      for (Map.Entry<Integer, Belief> other : beliefs.entrySet()) {
        if (one.getKey() < other.getKey()) {
          check(new Pair(one.getKey(), other.getKey()), one.getValue(), other.getValue());
        }
      }
    }
  }

  private void check(Pair pair, Belief one, Belief other) {
    if (!areRivals(one.election(), other.election())
        || !doHearEachOther(pair, one, other)
        || isBereft(pair.one())
        || isBereft(pair.other())
        || !canEnd(pair)) {
      quarrels.remove(pair);
      return;
    }
    Quarrel quarrel =
        quarrels.compute(
            pair,
            (_, known) ->
                known != null
                        && known.oneGeneration() == one.generation()
                        && known.otherGeneration() == other.generation()
                    ? known
                    : new Quarrel(one.generation(), other.generation(), ring.nowNanos()));
    if (ring.nowNanos() - quarrel.sinceNanos() <= TOLD.toNanos()) {
      return;
    }
    if (isOriginal.test(ring.host(pair.one())) || isOriginal.test(ring.host(pair.other()))) {
      tolerated++;
      // Counted once; it is no news that it lasts.
      quarrels.put(
          pair, new Quarrel(quarrel.oneGeneration(), quarrel.otherGeneration(), Long.MAX_VALUE));
    } else {
      throw ring.failure(
          "host %d and host %d go on believing in two leaders of one term: %s and %s"
              .formatted(pair.one(), pair.other(), one.election(), other.election()));
    }
  }

  private boolean canEnd(Pair pair) {
    return !forgeries || (seesQuorum(pair.one()) && seesQuorum(pair.other()));
  }

  /** Whose leader is dead follows nobody: it remembers the last one until there is another. */
  private boolean isBereft(int host) {
    return Explanation.of(ring.host(host).view(), group).situation()
        instanceof Explanation.Situation.Bereft;
  }

  private boolean seesQuorum(int host) {
    Explanation seen = Explanation.of(ring.host(host).view(), group);
    return seen.alive() > 0 && seen.alive() >= seen.needed();
  }

  private static boolean areRivals(Election one, Election other) {
    return one.status() == ElectionStatus.FINISHED
        && other.status() == ElectionStatus.FINISHED
        && one.term() == other.term()
        && !one.candidate().equals(other.candidate());
  }

  private boolean doHearEachOther(Pair pair, Belief one, Belief other) {
    Host first = ring.host(pair.one());
    Host second = ring.host(pair.other());
    return first.isWell()
        && second.isWell()
        && first.generation == one.generation()
        && second.generation == other.generation()
        && !first.gossipPortClosed
        && !second.gossipPortClosed
        && ring.network().isOpen(first, second)
        && ring.network().isOpen(second, first)
        && first.holds(second, Health.ALIVE)
        && second.holds(first, Health.ALIVE)
        && !first.isStalledTo(second)
        && !second.isStalledTo(first);
  }
}
