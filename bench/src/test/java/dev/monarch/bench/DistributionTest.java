package dev.monarch.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

final class DistributionTest {
  @Test
  void theMedianOfAnOddNumberOfValuesIsTheMiddleOne() {
    Distribution values = Distribution.of(List.of(9.0, 1.0, 4.0));

    assertThat(values.min()).isEqualTo(1);
    assertThat(values.median()).isEqualTo(4);
    assertThat(values.max()).isEqualTo(9);
  }

  @Test
  void theMedianOfAnEvenNumberOfValuesIsBetweenTheTwoInTheMiddle() {
    assertThat(Distribution.of(List.of(1.0, 2.0, 4.0, 8.0)).median()).isEqualTo(3);
  }

  @Test
  void quantilesAreInterpolated() {
    Distribution values = Distribution.of(List.of(0.0, 10.0, 20.0));

    assertThat(values.quantile(0)).isEqualTo(0);
    assertThat(values.quantile(0.25)).isEqualTo(5);
    assertThat(values.quantile(1)).isEqualTo(20);
  }

  @Test
  void nothingMeasuredHasNoDistribution() {
    assertThatIllegalArgumentException().isThrownBy(() -> Distribution.of(List.of()));
  }

  @Test
  void aSingleValueIsWrittenWithoutExtremes() {
    assertThat(Distribution.of(List.of(2.0)).text("%.1f")).isEqualTo("2.0");
    assertThat(Distribution.of(List.of(2.0, 3.0, 4.0)).text("%.0f")).isEqualTo("3 (2–4)");
  }
}
