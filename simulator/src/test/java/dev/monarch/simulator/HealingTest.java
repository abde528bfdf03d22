package dev.monarch.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.simulator.Simulation.DiskFate;
import dev.monarch.wire.Health;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How members return, and how a split ring becomes one again. */
final class HealingTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  @Check("butterfly-34")
  void aMemberThatReturnsAfterBeingConfirmedIsAliveEverywhereAtAHigherIncarnation() {
    Simulation ring = formed(Simulation.builder(21).members(6));
    Host returning = ring.host(4);
    ring.crash(returning);
    ring.runUntil(() -> ring.everyoneHolds(returning, Health.CONFIRMED), MINUTE);
    long before = returning.incarnation();

    ring.start(returning);

    assertThat(ring.runUntil(() -> isAliveAbove(ring, returning, before), MINUTE)).isPresent();
  }

  private static boolean isAliveAbove(Simulation ring, Host subject, long incarnation) {
    return ring.hosts().stream()
        .filter(host -> host != subject)
        .allMatch(
            host ->
                host.holds(subject, Health.ALIVE)
                    && host.incarnationOf(subject).orElseThrow() > incarnation);
  }

  @Test
  void aSplitOfTwoMinutesHealsThroughPermanentPeers() {
    Simulation ring = formed(Simulation.builder(22).members(5).persistent(index -> index < 3));
    List<Host> left = ring.hosts().subList(0, 2);
    List<Host> right = ring.hosts().subList(2, 5);

    ring.network().split(left, right);
    ring.runFor(Duration.ofMinutes(2));
    for (Host host : left) {
      for (Host other : right) {
        assertThat(host.healthOf(other)).contains(Health.CONFIRMED);
        assertThat(other.healthOf(host)).contains(Health.CONFIRMED);
      }
    }
    ring.network().mendAll();

    assertThat(ring.runUntil(ring::isAgreed, MINUTE, SECOND)).isPresent();
  }

  @Test
  void oneSidesPermanentPeerIsEnough() {
    Simulation ring = formed(Simulation.builder(23).members(12).persistent(index -> index == 7));

    ring.network().split(ring.hosts().subList(0, 6), ring.hosts().subList(6, 12));
    ring.runFor(Duration.ofMinutes(3));
    ring.network().mendAll();

    assertThat(ring.runUntil(ring::isAgreed, Duration.ofMinutes(2), SECOND)).isPresent();
  }

  /**
   * The limit of the protocol (butterfly.md 4.8), written down so that it is known when it falls.
   */
  @Test
  void withoutPermanentPeersTwoSidesThatConfirmedEachOtherStayApart() {
    Simulation ring = formed(Simulation.builder(24).members(6));

    ring.network().split(ring.hosts().subList(0, 3), ring.hosts().subList(3, 6));
    ring.runFor(Duration.ofMinutes(2));
    ring.network().mendAll();
    ring.runFor(Duration.ofMinutes(10));

    assertThat(ring.host(0).healthOf(ring.host(5))).contains(Health.CONFIRMED);
  }

  @Test
  void aLostMemberFindsItsInitialPeersAgain() {
    Simulation ring = formed(Simulation.builder(25).members(6));
    Host lost = ring.host(5);

    ring.network().split(List.of(lost), ring.hosts().subList(0, 5));
    ring.runFor(Duration.ofMinutes(2));
    ring.network().mendAll();

    assertThat(ring.runUntil(ring::isAgreed, MINUTE, SECOND)).isPresent();
  }

  @Test
  void aShortSplitIsForgotten() {
    Simulation ring = formed(Simulation.builder(26).members(8));

    ring.network().split(ring.hosts().subList(0, 4), ring.hosts().subList(4, 8));
    ring.runFor(Duration.ofSeconds(5));
    ring.network().mendAll();

    assertThat(ring.runUntil(ring::isAgreed, MINUTE, SECOND)).isPresent();
  }

  @Test
  @Check("butterfly-69")
  void aKilledMemberComesBackAsTheSameWithWhatItKnew() {
    Simulation ring = formed(Simulation.builder(27).members(4));
    Host killed = ring.host(2);
    ring.runFor(Duration.ofSeconds(40));
    String id = killed.id();
    long incarnation = killed.incarnation();

    ring.crash(killed);
    ring.start(killed);

    assertThat(killed.id()).isEqualTo(id);
    assertThat(killed.view().self().incarnation()).isGreaterThanOrEqualTo(incarnation);
    assertThat(killed.view().state().members())
        .extracting(membership -> membership.member().id())
        .contains(ring.host(0).id(), ring.host(1).id(), ring.host(3).id());
  }

  @Test
  void everyFateOfADiskEndsInAgreement() {
    for (DiskFate fate : DiskFate.values()) {
      Simulation ring = formed(Simulation.builder(28).members(5));
      ring.runFor(MINUTE);
      Host host = ring.host(3);
      ring.crash(host);
      ring.runFor(MINUTE);

      ring.start(host, fate);

      assertThat(ring.runUntil(ring::isAgreed, MINUTE, SECOND)).as("%s", fate).isPresent();
    }
  }

  private static Simulation formed(Simulation.Builder builder) {
    Simulation ring = builder.build();
    assertThat(ring.runUntil(ring::isAgreed, MINUTE, Duration.ofMillis(100))).isPresent();
    ring.runFor(Duration.ofSeconds(10));
    return ring;
  }
}
