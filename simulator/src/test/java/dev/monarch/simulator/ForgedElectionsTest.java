package dev.monarch.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.Settings;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Lies about elections, told to a group of three that has a leader, in a ring of five (decision
 * 15). Whatever was said, soon after it the group has one leader in all views; which one, and at
 * what cost, is what the tests tell.
 */
final class ForgedElectionsTest {
  private static final String NOBODY = "f".repeat(32);
  private static final Duration SOON = Duration.ofSeconds(20);

  private final ElectingRing group = ElectingRing.settled(1, Settings.standard(), 5, 3);
  private final Host leader = group.leader().orElseThrow();
  private final Host follower =
      group.group().stream().filter(host -> host != leader).findFirst().orElseThrow();
  private final Host outside = group.host(4);

  @BeforeEach
  void watch() {
    new ElectionWatch(group.ring(), ElectionScenario.GROUP, _ -> false);
  }

  private static Election record(
      String candidate, long term, long suitability, ElectionStatus status, String... votes) {
    return new Election(
        candidate, ElectionScenario.GROUP.text(), term, suitability, status, List.of(votes));
  }

  private static Election elected(String candidate, long term, long suitability) {
    return record(candidate, term, suitability, ElectionStatus.FINISHED, candidate);
  }

  private void tell(Host host, Election lie) {
    group.ring().forge(host, new ElectionRumor(lie));
  }

  private void tellAll(Election lie) {
    group.ring().hosts().forEach(host -> tell(host, lie));
  }

  private void assertLeads(Host expected, long term) {
    group.ring().runFor(SOON);
    assertThat(group.hasOneLeader()).isTrue();
    assertThat(group.leader()).contains(expected);
    assertThat(group.election(expected).term()).isEqualTo(term);
  }

  @Test
  void theGreatestTermIsIgnoredWhomeverItNames() {
    tellAll(elected(follower.id(), -1, 0));
    tellAll(elected(leader.id(), -1, -1));
    tellAll(elected(NOBODY, -1, -1));

    assertLeads(leader, 0);
  }

  @Test
  void theGreatestSuitabilityOfNobodyIsNotWaitedFor() {
    tellAll(record(NOBODY, 0, -1, ElectionStatus.RUNNING, NOBODY));

    assertLeads(leader, 0);
  }

  @Test
  void aLeaderThatDoesNotExistCostsAnElectionAtMost() {
    tellAll(elected(NOBODY, 1, 0));

    assertLeads(leader, 2);
  }

  @Test
  void aLeaderOutsideTheGroupCostsAnElectionAtMost() {
    tellAll(elected(outside.id(), 1, 0));

    assertLeads(leader, 2);
  }

  @Test
  void votesOfUnknownMembersElectNobody() {
    String[] ghosts = IntStream.range(0, 1000).mapToObj(n -> "ghost" + n).toArray(String[]::new);

    tellAll(record(follower.id(), 0, -1, ElectionStatus.RUNNING, ghosts));

    assertLeads(leader, 0);
  }

  @Test
  void ofContradictoryLeadersToldOnTwoSidesOneIsLeftInAllViews() {
    group.ring().network().split(List.of(leader, group.host(3)), others(leader, group.host(3)));
    tell(leader, elected(leader.id(), 1, 3));
    tell(group.host(3), elected(leader.id(), 1, 3));
    others(leader, group.host(3)).forEach(host -> tell(host, elected(follower.id(), 1, 4)));
    group.ring().runFor(Duration.ofMillis(500));
    group.ring().network().mendAll();

    group.ring().runFor(SOON);

    assertThat(group.hasOneLeader()).isTrue();
  }

  private List<Host> others(Host one, Host other) {
    return group.ring().hosts().stream().filter(host -> host != one && host != other).toList();
  }

  @Test
  void oldTermsThatAreToldAgainChangeNothing() {
    List<Election> old = List.of(group.election(leader), elected(follower.id(), 0, -1));
    group
        .ring()
        .hand(leader, new dev.monarch.butterfly.Input.RestartElection(ElectionScenario.GROUP));
    group.ring().runFor(SOON);

    old.forEach(this::tellAll);

    assertLeads(leader, 1);
  }

  @Test
  void aGroupThatNobodyRunsIsToldOfNowhere() {
    Consumer<String> lie =
        name ->
            tellAll(
                new Election(
                    follower.id(), name, 7, -1, ElectionStatus.FINISHED, List.of(follower.id())));

    IntStream.range(0, 20_000).mapToObj(n -> "nobody%d.runs".formatted(n)).forEach(lie);
    group.ring().runFor(SOON);

    assertThat(group.ring().hosts()).allMatch(host -> host.view().state().elections().size() == 1);
    assertLeads(leader, 0);
  }

  @Test
  void aLiarThatGoesOnIsOutlived() {
    for (int term = 1; term < 30; term++) {
      tell(outside, elected(term % 2 == 0 ? NOBODY : follower.id(), term, -1));
      tell(follower, record(NOBODY, term, -1, ElectionStatus.NO_QUORUM, NOBODY));
      group.ring().runFor(Duration.ofMillis(700));
    }

    group.ring().runFor(SOON);

    assertThat(group.hasOneLeader()).isTrue();
    assertThat(Optional.of(group.election(leader).term())).isPresent();
  }
}
