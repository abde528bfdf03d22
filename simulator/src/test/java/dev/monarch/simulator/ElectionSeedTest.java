package dev.monarch.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random groups with random faults, one seed each. {@code -Dseeds=1000000} runs more of them,
 * {@code -Dseed=17} runs one; the seeds begin at {@code -Dfirst} if that is given, else at 1.
 */
final class ElectionSeedTest {
  private static final long SEEDS_BY_DEFAULT = 2000;

  /** After so many it is known that something is broken. */
  private static final int FAILURES_MAX = 5;

  @Test
  void aGroupHasOneLeaderWheneverItCanWhateverHappensToIt() {
    long single = Long.getLong("seed", -1);
    long first = single >= 0 ? single : Long.getLong("first", 1);
    long count = single >= 0 ? 1 : Long.getLong("seeds", SEEDS_BY_DEFAULT);
    List<Throwable> failures = new ArrayList<>();
    LongStream.range(first, first + count)
        .takeWhile(_ -> failures.size() < FAILURES_MAX)
        .forEach(seed -> play(seed, failures));
    assertThat(failures).isEmpty();
  }

  /** Of a million, at other rules; docs/model tells what each of them found. */
  @ParameterizedTest
  @ValueSource(
      longs = {
        67328, 86544, 188608, 295926, 433246, 452341, 455208, 525499, 565818, 624498, 652806, 898025
      })
  void aGroupThatOnceHadTwoLeadersOrNoneHasOne(long seed) {
    ElectionScenario.of(seed).run();
  }

  private static void play(long seed, List<Throwable> failures) {
    try {
      ElectionScenario.of(seed).run();
    } catch (SimulationFailure failure) {
      failures.add(failure);
    }
  }
}
