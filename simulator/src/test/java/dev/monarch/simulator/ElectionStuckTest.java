package dev.monarch.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.Input;
import dev.monarch.butterfly.Settings;
import dev.monarch.wire.Health;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * How groups of originals lose their leader for good, or get two. Each case is played twice:
 * members of ours come out of it, and members with stock settings, which are the original's, do
 * not.
 *
 * <p>The numbers are those of the reports about the original.
 */
final class ElectionStuckTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration LONG = Duration.ofMinutes(3);

  private static void assertOursAlone(Predicate<Settings> comesOutOfIt) {
    assertThat(comesOutOfIt.test(Settings.standard())).as("ours").isTrue();
    assertThat(comesOutOfIt.test(Settings.stock())).as("stock").isFalse();
  }

  /** #5188, #4759, #3246, #2177. */
  @Test
  void noQuorumStaysWhenTheDeadHaveDeparted() {
    assertOursAlone(
        settings -> {
          ElectingRing group = ElectingRing.settled(1, settings, 4, 3);
          Host survivor = group.host(0);
          group.ring().retire(group.host(1));
          group.ring().retire(group.host(2));
          group.within(
              LONG,
              () ->
                  survivor.holds(group.host(1), Health.CONFIRMED)
                      && survivor.holds(group.host(2), Health.CONFIRMED)
                      && group.lacksQuorum(survivor));

          group.ring().depart(group.host(3), group.host(1).id());
          group.ring().depart(group.host(3), group.host(2).id());

          return group.comes(MINUTE, group::hasOneLeader);
        });
  }

  @Test
  void theCandidateDiesBeforeItHasWon() {
    assertOursAlone(
        settings -> {
          ElectingRing group = ElectingRing.settled(2, settings, 4, 4);
          Host candidate = group.leader().orElseThrow();
          group.ring().hand(candidate, new Input.RestartElection(ElectionScenario.GROUP));
          group.within(
              MINUTE,
              () ->
                  group.group().stream()
                      .filter(host -> host != candidate)
                      .allMatch(
                          host ->
                              group.election(host).term() == 1
                                  && group.election(host).candidate().equals(candidate.id())));
          group.ring().retire(candidate);

          return group.comes(LONG, group::hasOneLeader);
        });
  }

  /** #2315, #1742. */
  @Test
  void aMemberThatWasAwayFollowsTheLeaderOfBeforeWhoFollowsAnother() {
    assertOursAlone(
        settings -> {
          ElectingRing group = ElectingRing.settled(3, settings, 5, 5);
          Host former = group.leader().orElseThrow();
          Host away =
              group.group().stream().filter(host -> host != former).findFirst().orElseThrow();
          group.ring().freeze(former);
          group.ring().freeze(away);
          group.within(LONG, group::hasOneLeader);
          group.ring().resume(former);
          group.within(MINUTE, group::hasOneLeader);
          group.ring().runFor(MINUTE);
          group.ring().resume(away);

          return group.comes(LONG, group::hasOneLeader);
        });
  }

  /** #7636. */
  @Test
  void aLeaderThatWasReplacedStartsAsLeader() {
    assertOursAlone(
        settings -> {
          ElectingRing group = ElectingRing.settled(4, settings, 3, 3);
          Host former = group.leader().orElseThrow();
          List<Host> others = group.group().stream().filter(host -> host != former).toList();
          group.ring().crash(former);
          group.within(LONG, group::hasOneLeader);
          group.ring().network().split(List.of(former), others);
          group.ring().start(former);

          boolean claimed = group.comes(MINUTE, () -> group.follows(former, former));
          group.ring().network().mendAll();
          group.within(MINUTE, group::hasOneLeader);
          return !claimed;
        });
  }

  @Test
  void aMemberThatJoinsAPendingElectionNeverVotes() {
    assertOursAlone(
        settings -> {
          ElectingRing group = ElectingRing.settled(5, settings, 5, 3);
          Host leader = group.leader().orElseThrow();
          List<Host> followers = group.group().stream().filter(host -> host != leader).toList();
          followers.forEach(group.ring()::crash);
          group.within(
              LONG,
              () -> group.ring().wellHosts().stream().allMatch(host -> group.lacksQuorum(host)));
          Host joining = group.host(4);
          group.ring().publish(joining, ElectionScenario.service(joining.id(), 1));
          group.ring().hand(joining, new Input.StandForElection(ElectionScenario.GROUP));
          group.ring().runFor(Duration.ofSeconds(20));
          followers.forEach(group.ring()::start);

          return group.comes(LONG, group::hasOneLeader);
        });
  }

  @Test
  void theGreatestTermIsForged() {
    assertOursAlone(
        settings -> {
          ElectingRing group = ElectingRing.settled(6, settings, 5, 3);
          forgeEverywhere(group, finished("f".repeat(32), -1));
          group.ring().runFor(LONG);

          return group.comes(MINUTE, group::hasOneLeader);
        });
  }

  @Test
  void theLeaderIsForgedToBeAMemberOutsideTheGroup() {
    assertOursAlone(
        settings -> {
          ElectingRing group = ElectingRing.settled(7, settings, 5, 3);
          forgeEverywhere(group, finished(group.host(4).id(), 1));
          group.ring().runFor(LONG);

          return group.comes(MINUTE, group::hasOneLeader);
        });
  }

  @Test
  void theMostSuitableCandidateIsForgedToBeNobody() {
    assertOursAlone(
        settings -> {
          ElectingRing group = ElectingRing.settled(8, settings, 5, 3);
          String nobody = "f".repeat(32);
          group.ring().retire(group.leader().orElseThrow());
          group.within(
              LONG,
              () -> group.group().stream().anyMatch(host -> group.election(host).term() == 1));
          forgeEverywhere(
              group,
              new Election(
                  nobody,
                  ElectionScenario.GROUP.text(),
                  1,
                  -1,
                  ElectionStatus.RUNNING,
                  List.of(nobody)));
          group.ring().runFor(LONG);

          return group.comes(MINUTE, group::hasOneLeader);
        });
  }

  /** It follows neither the new leader nor the one before, and no later term names whom. */
  @Test
  void anOriginalThatWasAwayWhileTheLeadChangedTwiceFollowsTheNewLeader() {
    ElectingRing group = ElectingRing.aroundAnOriginal(11, 4);
    Host original = group.host(0);
    Host first = group.leader().orElseThrow();
    group.ring().freeze(original);
    group.within(LONG, () -> group.isHeldDead(original));

    List<Host> heirs = group.group().stream().filter(host -> host != first).toList();
    long suitability = 10;
    for (Host heir : heirs) {
      group.ring().hand(heir, new Input.SuitabilityKnown(ElectionScenario.GROUP, suitability));
      group.ring().hand(group.leader().orElseThrow(), new Input.StepDown(ElectionScenario.GROUP));
      group.within(MINUTE, () -> group.leader().equals(Optional.of(heir)));
      suitability++;
    }
    group.ring().resume(original);
    assertThat(group.election(original).candidate()).isEqualTo(first.id());

    group.within(LONG, group::hasOneLeader);
    assertThat(group.leader()).contains(heirs.getLast());
  }

  private static Election finished(String leader, long term) {
    return new Election(
        leader, ElectionScenario.GROUP.text(), term, 0, ElectionStatus.FINISHED, List.of(leader));
  }

  private static void forgeEverywhere(ElectingRing group, Election lie) {
    group.ring().hosts().forEach(host -> group.ring().forge(host, new ElectionRumor(lie)));
  }

  /** #5893: votes in another order went to and fro. */
  @Test
  void aFinishedElectionIsToldAgainAndAgain() {
    assertOursAlone(
        settings -> {
          ElectingRing group = ElectingRing.of(9, settings, 8, 8);
          List<Simulation.Told> told = new ArrayList<>();
          group.within(LONG, group::hasOneLeader);
          group.ring().runFor(Duration.ofSeconds(3));
          group.ring().tapRumors(told::add);
          Host leader = group.leader().orElseThrow();
          List<String> votes = new ArrayList<>(group.election(leader).votes());
          votes.sort(Comparator.reverseOrder());
          Election elected = group.election(leader);
          group
              .ring()
              .forge(
                  group.host(0),
                  new ElectionRumor(
                      new Election(
                          elected.candidate(),
                          elected.group(),
                          elected.term(),
                          elected.suitability(),
                          elected.status(),
                          votes)));
          group.ring().runFor(MINUTE);
          return told.stream().noneMatch(each -> each.rumor() instanceof ElectionRumor);
        });
  }

  /** Votes in another order went to and fro here too, for as long as there was no quorum. */
  @Test
  void anElectionWithoutQuorumIsToldFromTimeToTimeOnly() {
    ElectingRing group = ElectingRing.settled(10, Settings.standard(), 5, 5);
    List.of(0, 1, 2).forEach(index -> group.ring().retire(group.host(index)));
    group.within(LONG, () -> group.group().stream().allMatch(group::lacksQuorum));
    group.ring().runFor(MINUTE);
    List<Simulation.Told> told = new ArrayList<>();
    group.ring().tapRumors(told::add);
    group.ring().runFor(Duration.ofMinutes(8));

    // By each of the two once in 48 seconds, as often as a rumor is told; before it, to voters of
    // the
    // lost leader, that it had won.
    assertThat(told.stream().filter(each -> each.rumor() instanceof ElectionRumor).count())
        .isBetween(20L, 2L * 2 * 2 * 11);
  }
}
