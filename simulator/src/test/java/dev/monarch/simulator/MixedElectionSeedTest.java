package dev.monarch.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.simulator.ElectionEnding.Agreed;
import dev.monarch.simulator.ElectionEnding.Stuck;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random groups of members that follow our rules and members that follow the original's, with
 * random faults, one seed each. {@code -Dseeds=10000} runs more of them, {@code -Dseed=17} runs one
 * and tells how it ended; the seeds begin at {@code -Dfirst} if that is given, else at 1. With
 * {@code -Doriginals} the same is played by originals alone, to compare.
 *
 * <p>No rule of ours lets an original do what it does not. So what cannot be demanded is counted,
 * and printed: for want of what of an original a group did not agree, and how often after a lie
 * about elections, which originals believe.
 */
final class MixedElectionSeedTest {
  private static final long SEEDS_BY_DEFAULT = 200;

  /** Fewer say nothing about how often something happens. */
  private static final long SEEDS_THAT_TELL = 100;

  /** In fewer an original that is left behind would be news. */
  private static final long SEEDS_FOR_A_STRAGGLER = 1000;

  @Test
  void ofAMixedGroupOnlyOriginalsGetStuck() {
    long single = Long.getLong("seed", -1);
    long first = single >= 0 ? single : Long.getLong("first", 1);
    long count = single >= 0 ? 1 : Long.getLong("seeds", SEEDS_BY_DEFAULT);
    boolean originals = System.getProperty("originals") != null;
    List<Throwable> failures = new ArrayList<>();
    List<ElectionEnding> endings = new ArrayList<>();
    LongStream.range(first, first + count)
        .mapToObj(originals ? ElectionScenario::originals : ElectionScenario::mixed)
        .forEach(
            scenario -> {
              try {
                endings.add(scenario.run());
              } catch (SimulationFailure failure) {
                failures.add(failure);
              }
            });

    System.out.printf(
        "simulator: %s elections, seeds %d to %d: %s%n",
        originals ? "original" : "mixed", first, first + count - 1, summary(endings));
    if (single >= 0) {
      endings.forEach(System.out::println);
    }
    assertThat(failures).isEmpty();
    assertThat(stuck(endings))
        .filteredOn(stuck -> !originals && !stuck.deceived())
        .filteredOn(stuck -> stuck.want() != ElectionEnding.Want.EVERYTHING)
        .as("nobody lied, and of the group somebody is left who is no original")
        .hasSizeLessThanOrEqualTo((int) (count / SEEDS_FOR_A_STRAGGLER));
    assertThat(10 * stuck(endings).size())
        .as(summary(endings))
        .matches(stuckTenfold -> originals || count < SEEDS_THAT_TELL || stuckTenfold < count);
  }

  /** It stores the record as it comes, without its vote, and never adds that. */
  @ParameterizedTest
  @ValueSource(longs = {798, 1016, 1017})
  void anOriginalThatWasAwayWhenAnElectionBeganVotesInTheNextOne(long seed) {
    assertThat(ElectionScenario.mixed(seed).run()).isInstanceOf(Agreed.class);
  }

  /**
   * Neither the last leader nor the one before is whom it follows, or whom it waits for as a
   * candidate.
   */
  @ParameterizedTest
  @ValueSource(longs = {554, 2402, 3570, 4832, 5006, 9030, 20569})
  void anOriginalThatWasAwayWhileTheLeadChangedTwiceFollowsTheNewLeader(long seed) {
    assertThat(ElectionScenario.mixed(seed).run()).isInstanceOf(Agreed.class);
  }

  private static List<Stuck> stuck(List<ElectionEnding> endings) {
    return endings.stream().filter(Stuck.class::isInstance).map(Stuck.class::cast).toList();
  }

  private static String summary(List<ElectionEnding> endings) {
    long agreed = endings.stream().filter(Agreed.class::isInstance).count();
    TreeMap<String, Long> wants =
        stuck(endings).stream()
            .collect(
                Collectors.groupingBy(
                    MixedElectionSeedTest::describe, TreeMap::new, Collectors.counting()));
    return "%d agreed; stuck for want of an original's %s".formatted(agreed, wants);
  }

  private static String describe(Stuck stuck) {
    return stuck.want() + (stuck.deceived() ? " after a lie" : "");
  }
}
