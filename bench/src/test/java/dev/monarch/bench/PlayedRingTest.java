package dev.monarch.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.bench.MachineBench.Surroundings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is measured must be what it is called. */
final class PlayedRingTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theMeasuredMachineIsInAWholeAndHealthyRing(boolean restless) {
    Surroundings ring = new Surroundings(20, restless);

    ring.repeat(200_000);

    assertThat(ring.aliveOthers()).isEqualTo(19);
  }

  @Test
  void simulatedKillsComeTrueInTheCalculatedTime() {
    DetectionTime calculated = new DetectionTime(5);

    List<Detection> kills = DetectionBench.simulated(5, 20);

    assertThat(kills)
        .allSatisfy(
            kill -> {
              assertThat(kill.suspectedFirst())
                  .isBetween(
                      calculated.firstSuspectedSeconds(0) - 0.1,
                      calculated.firstSuspectedSeconds(1) + 0.1);
              assertThat(kill.confirmedLast() - kill.confirmedFirst())
                  .isLessThan(DetectionTime.SPREAD_MAX.toNanos() / 1e9);
            });
  }
}
