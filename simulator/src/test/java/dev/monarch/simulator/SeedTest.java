package dev.monarch.simulator;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Random rings with random faults, one seed each. {@code -Dseeds=5000} runs more of them, {@code
 * -Dseed=17} runs one; the seeds begin at {@code -Dfirst} if that is given, else at 1.
 */
final class SeedTest {
  private static final long SEEDS_BY_DEFAULT = 200;

  @TestFactory
  Stream<DynamicTest> aRingHealsWhateverHappensToIt() {
    Long single = Long.getLong("seed");
    if (single != null) {
      return Stream.of(test(single));
    }
    long first = Long.getLong("first", 1);
    long count = Long.getLong("seeds", SEEDS_BY_DEFAULT);
    return LongStream.range(first, first + count).mapToObj(SeedTest::test);
  }

  private static DynamicTest test(long seed) {
    return DynamicTest.dynamicTest("seed " + seed, () -> RandomScenario.of(seed).run());
  }
}
