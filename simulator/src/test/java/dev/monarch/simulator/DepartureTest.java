package dev.monarch.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Rumor.DepartureRumor;
import dev.monarch.wire.Swim;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How members leave, and how they are made to. */
final class DepartureTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  @Check("butterfly-42")
  void whoLeavesIsDepartedEverywhereAndAliveWhenItReturns() {
    Simulation ring = formed(31, 6);
    Host leaving = ring.host(3);

    ring.leave(leaving);
    Duration onePass = ring.settings().protocolPeriod().multipliedBy(5);
    assertThat(ring.runUntil(() -> ring.everyoneHolds(leaving, Health.DEPARTED), onePass))
        .isPresent();
    ring.runFor(Duration.ofSeconds(5));
    ring.start(leaving);

    assertThat(ring.runUntil(ring::isAgreed, MINUTE, Duration.ofSeconds(1))).isPresent();
  }

  @Test
  @Check("butterfly-43")
  void aPingThatSaysDepartedIsBelieved() {
    Simulation ring = formed(32, 3);
    Host leaving = ring.host(1);
    Host told = ring.host(2);
    ring.crash(leaving);
    Member farewell =
        Member.of(leaving.id(), leaving.incarnation() + 1, "", Simulation.PORT).withDeparted(true);

    ring.forge(told, leaving.endpoint(), new Swim.Ping(farewell, Optional.empty(), List.of()));
    ring.runFor(Duration.ofSeconds(1));

    assertThat(told.healthOf(leaving)).contains(Health.DEPARTED);
  }

  @Test
  @Check({"butterfly-49", "butterfly-50"})
  void whoIsMadeToDepartStopsForGoodAndTheOthersGoOn() {
    Simulation ring = formed(33, 5);
    Host departed = ring.host(4);

    ring.depart(ring.host(1), departed.id());
    ring.runFor(Duration.ofSeconds(20));

    assertThat(departed.isUp()).isFalse();
    assertThat(departed.isRetired()).isTrue();
    assertThat(ring.everyoneHolds(departed, Health.DEPARTED)).isTrue();
    assertThat(ring.wellHosts()).hasSize(4);
    assertThat(ring.disagreement()).isEmpty();

    departed.retired = false;
    ring.start(departed);
    ring.runFor(Duration.ofSeconds(5));
    assertThat(departed.isUp()).as("runs again with the same data").isFalse();
  }

  @Test
  @Check("butterfly-51")
  void aDepartedMemberThatReturnsIsToldOfItsDepartureAndStops() {
    Simulation ring = formed(34, 4);
    Host departed = ring.host(2);
    Host operator = ring.host(0);
    ring.crash(departed);
    ring.depart(operator, departed.id());
    ring.runFor(MINUTE);
    AtomicInteger told = new AtomicInteger();
    ring.tapRumors(
        rumor -> {
          if (rumor.memberId().equals(departed.id())
              && rumor.rumor() instanceof DepartureRumor departure
              && departure.memberId().equals(departed.id())) {
            told.incrementAndGet();
          }
        });

    ring.start(departed);
    ring.runFor(MINUTE);

    assertThat(told.get()).isPositive();
    assertThat(departed.isUp()).isFalse();
    assertThat(ring.disagreement()).isEmpty();
  }

  private static Simulation formed(long seed, int members) {
    Simulation ring = Simulation.builder(seed).members(members).build();
    assertThat(ring.runUntil(ring::isAgreed, MINUTE, Duration.ofMillis(100))).isPresent();
    ring.runFor(Duration.ofSeconds(10));
    return ring;
  }
}
