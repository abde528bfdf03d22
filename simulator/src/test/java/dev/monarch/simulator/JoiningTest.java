package dev.monarch.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.simulator.Simulation.DiskFate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How members find each other. */
final class JoiningTest {
  @Test
  @Check("butterfly-23")
  void twoMembersHoldEachOtherAliveWithinTenSeconds() {
    Simulation ring = Simulation.builder(1).members(2).build();

    ring.runFor(Duration.ofSeconds(10));

    assertThat(ring.disagreement()).isEmpty();
  }

  @Test
  void twentyMembersJoinByOneIntroduction() {
    Simulation ring = Simulation.builder(2).members(20).startWithin(Duration.ofSeconds(5)).build();

    assertThat(ring.runUntil(ring::isAgreed, Duration.ofSeconds(30), Duration.ofMillis(100)))
        .isPresent();
  }

  @Test
  void aChainOfIntroductionsBecomesOneRing() {
    Simulation ring =
        Simulation.builder(3)
            .members(12)
            .peers(index -> index == 0 ? List.of() : List.of(index - 1))
            .build();

    assertThat(ring.runUntil(ring::isAgreed, Duration.ofSeconds(60), Duration.ofMillis(100)))
        .isPresent();
  }

  @Test
  @Check("butterfly-72")
  void aMemberWithStaleStateStillContactsItsNewPeers() {
    Simulation ring = Simulation.builder(4).members(5).peers(_ -> List.of()).build();
    Host moved = ring.host(4);
    ring.setPeers(moved, List.of(ring.host(0)));
    ring.setPeers(ring.host(1), List.of(ring.host(0)));
    ring.runUntil(() -> moved.healthOf(ring.host(1)).isPresent(), Duration.ofSeconds(30));
    ring.runFor(Duration.ofSeconds(40));
    ring.crash(moved);
    ring.retire(ring.host(0));
    ring.retire(ring.host(1));
    ring.setPeers(ring.host(3), List.of(ring.host(2)));
    ring.runFor(Duration.ofSeconds(40));

    ring.setPeers(moved, List.of(ring.host(3)));
    ring.start(moved, DiskFate.STALE);

    assertThat(ring.runUntil(ring::isAgreed, Duration.ofSeconds(60), Duration.ofSeconds(1)))
        .as("%s", ring.disagreement())
        .isPresent();
  }
}
