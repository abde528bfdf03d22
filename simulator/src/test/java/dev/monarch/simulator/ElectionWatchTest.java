package dev.monarch.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.butterfly.Input;
import dev.monarch.butterfly.Settings;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.MemberRumor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The watch sees what must not be. Members with other rules than ours, and lies, bring it about.
 */
final class ElectionWatchTest {
  private static final String DEAD = "dddddddddddddddddddddddddddddddd";

  private static ElectionWatch watch(Simulation ring, boolean tolerant) {
    return new ElectionWatch(ring, ElectionScenario.GROUP, _ -> tolerant);
  }

  private static Election elected(String leader, long term) {
    return new Election(
        leader, ElectionScenario.GROUP.text(), term, 0, ElectionStatus.FINISHED, List.of(leader));
  }

  /** Two members that hear each other, and tell each other no rumor for an hour. */
  private static Simulation mute() {
    Settings stock = Settings.stock();
    Settings mute =
        new Settings(
            stock.pingTimeout(),
            stock.pingReqTimeout(),
            stock.protocolPeriod(),
            stock.suspicionTimeout(),
            stock.departureTimeout(),
            Duration.ofHours(1),
            stock.proxies(),
            stock.shareLimit(),
            stock.pushFanout(),
            stock.farewells(),
            stock.elections());
    Simulation ring =
        Simulation.builder(1).members(2).settings(mute).peers(index -> List.of(1 - index)).build();
    ring.runFor(Duration.ofSeconds(20));
    assertThat(ring.isAgreed()).isTrue();
    return ring;
  }

  private static void tellOfTwoLeaders(Simulation ring) {
    ring.forge(ring.host(0), new ElectionRumor(elected("a", 3)));
    ring.forge(ring.host(1), new ElectionRumor(elected("b", 3)));
  }

  @Test
  void twoLeadersOfOneTermMayBeBelievedInUntilAllCanHaveBeenTold() {
    Simulation ring = mute();
    watch(ring, false);

    tellOfTwoLeaders(ring);

    assertThatCode(() -> ring.runFor(ElectionWatch.TOLD)).doesNotThrowAnyException();
  }

  @Test
  void twoLeadersOfOneTermThatStayAreSeen() {
    Simulation ring = mute();
    watch(ring, false);

    tellOfTwoLeaders(ring);

    assertThatThrownBy(() -> ring.runFor(ElectionWatch.TOLD.plusSeconds(4)))
        .isInstanceOf(SimulationFailure.class)
        .hasMessageContaining("go on believing in two leaders of one term");
  }

  @Test
  void whoCannotHearEachOtherMayBelieveInTwo() {
    Simulation ring = mute();
    watch(ring, false);
    ring.network().cut(ring.host(0), ring.host(1));

    tellOfTwoLeaders(ring);
    ring.runFor(ElectionWatch.TOLD.plusSeconds(4));
    ring.network().mend(ring.host(0), ring.host(1));

    assertThatCode(() -> ring.runFor(ElectionWatch.TOLD)).doesNotThrowAnyException();
  }

  @Test
  void whoKnowsThatItsLeaderIsDeadBelievesInNone() {
    Simulation ring = mute();
    watch(ring, false);
    Member dead = new Member(DEAD, 0, "10.0.9.9", 9638, 9638, false, false, false);
    ring.forge(ring.host(0), new MemberRumor(DEAD, new Membership(dead, Health.CONFIRMED)));
    ring.forge(ring.host(0), ElectionScenario.service(DEAD, 1));
    ring.runFor(Duration.ofSeconds(1));
    assertThat(ring.host(0).healthOf(DEAD)).contains(Health.CONFIRMED);

    ring.forge(ring.host(0), new ElectionRumor(elected(DEAD, 3)));
    ring.forge(ring.host(1), new ElectionRumor(elected("b", 3)));

    assertThatCode(() -> ring.runFor(ElectionWatch.TOLD.plusSeconds(4))).doesNotThrowAnyException();
  }

  @Test
  void twoLeadersThatOriginalsBelieveInAreCountedOnce() {
    Simulation ring = mute();
    ElectionWatch watch = watch(ring, true);

    tellOfTwoLeaders(ring);
    ring.runFor(Duration.ofMinutes(1));

    assertThat(watch.tolerated()).isEqualTo(1);
  }

  private static void playAFallFromTheGreatestTerm(boolean expected) {
    ElectingRing group = ElectingRing.settled(2, Settings.stock(), 2, 2);
    ElectionWatch watch = watch(group.ring(), false);
    if (expected) {
      watch.expectForgeries();
    }
    Host leader = group.leader().orElseThrow();
    group.ring().forge(leader, new ElectionRumor(elected(leader.id(), -1)));
    group.ring().runFor(Duration.ofSeconds(10));
    group.ring().hand(leader, new Input.RestartElection(ElectionScenario.GROUP));
    group.ring().runFor(Duration.ofSeconds(10));
  }

  @Test
  void aTermThatFallsIsSeen() {
    assertThatThrownBy(() -> playAFallFromTheGreatestTerm(false))
        .isInstanceOf(SimulationFailure.class)
        .hasMessageContaining("falls");
  }

  @Test
  void aTermMayFallAfterALie() {
    assertThatCode(() -> playAFallFromTheGreatestTerm(true)).doesNotThrowAnyException();
  }
}
