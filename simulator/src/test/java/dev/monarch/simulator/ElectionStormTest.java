package dev.monarch.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.Input;
import dev.monarch.butterfly.Settings;
import dev.monarch.wire.Health;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many members come or go at once, also while an election is under way. */
final class ElectionStormTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration LONG = Duration.ofMinutes(1);

  private static ElectingRing watched(long seed, int members, int grouped) {
    ElectingRing group = ElectingRing.settled(seed, Settings.standard(), members, grouped);
    new ElectionWatch(group.ring(), ElectionScenario.GROUP, _ -> false);
    return group;
  }

  /** All of them start a service of the group in one moment. */
  private static void join(ElectingRing group, List<Host> hosts) {
    for (Host host : hosts) {
      group.ring().publish(host, ElectionScenario.service(host.id(), 1));
      group.ring().hand(host, new Input.StandForElection(ElectionScenario.GROUP));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whoeverJoinsALeaderFollowsIt(long seed) {
    ElectingRing group = watched(seed, 12, 3);
    Host leader = group.leader().orElseThrow();

    join(group, group.ring().hosts().subList(3, 12));
    group.ring().runFor(SOON);

    assertThat(group.hasOneLeader()).isTrue();
    assertThat(group.leader()).contains(leader);
    assertThat(group.election(leader).term()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anElectionThatManyJoinEnds(long seed) {
    ElectingRing group = watched(seed, 12, 3);
    Host leader = group.leader().orElseThrow();
    group.ring().retire(leader);
    group.within(
        LONG, () -> group.group().stream().anyMatch(host -> host.holds(leader, Health.CONFIRMED)));

    join(group, group.ring().hosts().subList(3, 12));

    group.within(SOON, () -> followOneOfThem(group));
  }

  /** True if all follow one that is well, whether it was there from the beginning or joined. */
  private static boolean followOneOfThem(ElectingRing group) {
    List<Host> well = group.ring().wellHosts();
    return well.stream()
        .anyMatch(
            leader ->
                well.stream()
                    .allMatch(
                        host ->
                            group.follows(host, leader)
                                && group.election(host).term() == group.election(leader).term()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anElectionThatManyLeaveEndsWithoutThem(long seed) {
    ElectingRing group = watched(seed, 7, 7);
    Host leader = group.leader().orElseThrow();
    group.ring().hand(leader, new Input.RestartElection(ElectionScenario.GROUP));
    group.ring().runFor(Duration.ofMillis(1));
    assertThat(group.hasOneLeader()).isFalse();

    group.ring().leave(leader);
    group.group().stream().limit(2).forEach(group.ring()::leave);

    group.within(SOON, group::hasOneLeader);
    assertThat(group.group()).hasSize(4);
  }
}
