package dev.monarch.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DetectionTimeTest {
  private static final double PERIOD = 3.1;

  @Test
  void inARingOfTwoTheNextProbeFindsTheDeadMember() {
    DetectionTime two = new DetectionTime(2);

    assertThat(two.firstSuspectedSeconds(0)).isCloseTo(3.1, within(1e-6));
    assertThat(two.firstSuspectedSeconds(0.5)).isCloseTo(3.1 + 1.55, within(1e-6));
    assertThat(two.firstSuspectedSeconds(1)).isCloseTo(6.2, within(1e-6));
  }

  @Test
  void confirmationIsThreePeriodsAfterSuspicion() {
    DetectionTime five = new DetectionTime(5);

    assertThat(five.firstConfirmedSeconds(0.5) - five.firstSuspectedSeconds(0.5))
        .isCloseTo(9.3, within(1e-9));
  }

  @Test
  void nobodyWaitsLongerThanTheRestOfOnePassAndAllOfTheNext() {
    DetectionTime five = new DetectionTime(5);

    assertThat(five.unprobedAfter(0)).isEqualTo(1);
    assertThat(five.unprobedAfter(6.9 * PERIOD)).isPositive();
    assertThat(five.unprobedAfter(7 * PERIOD)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 32})
  void theFormulaAgreesWithPassesThatAreDrawn(int members) {
    SplittableRandom random = new SplittableRandom(members);
    List<Double> waits = new ArrayList<>();
    for (int kill = 0; kill < 20_000; kill++) {
      double first = Double.MAX_VALUE;
      for (int survivor = 1; survivor < members; survivor++) {
        first = Math.min(first, wait(members - 1, random));
      }
      waits.add(first + 3.1);
    }
    Distribution drawn = Distribution.of(waits);
    DetectionTime calculated = new DetectionTime(members);

    for (double part : new double[] {0.1, 0.5, 0.9}) {
      assertThat(calculated.firstSuspectedSeconds(part))
          .as("%.0f %% of the kills", 100 * part)
          .isCloseTo(drawn.quantile(part), within(0.25));
    }
  }

  /** One survivor with two passes in a drawn order; the kill falls into the first one. */
  private static double wait(int pass, SplittableRandom random) {
    List<Integer> turns = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      List<Integer> order = new ArrayList<>();
      for (int member = 0; member < pass; member++) {
        order.add(member);
      }
      Collections.shuffle(order, random);
      turns.addAll(order);
    }
    double killedAt = random.nextDouble(pass * PERIOD);
    for (int turn = (int) (killedAt / PERIOD) + 1; turn < turns.size(); turn++) {
      if (turns.get(turn) == 0) {
        return turn * PERIOD - killedAt;
      }
    }
    throw new AssertionError("two passes without the dead member");
  }
}
