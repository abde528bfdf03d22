package dev.monarch.butterfly.election;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.election.SmallWorld.Fault;
import dev.monarch.butterfly.election.SmallWorld.Findings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Everything that can happen to small groups. {@code -Dworld.born=3 -Dworld.living=4} tries larger
 * ones, {@code -Dworld.states=50000000} with more patience and memory.
 */
class SmallWorldTest {
  private static final int BORN = Integer.getInteger("world.born", 2);
  private static final int LIVING = Integer.getInteger("world.living", 3);
  private static final int STATES_MAX = Integer.getInteger("world.states", 3_000_000);

  private static SmallWorld world(int members, Fault fault) {
    return new SmallWorld(members, ElectionSettings.standard(), fault, STATES_MAX);
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aGroupThatStartsEndsWithOneLeaderOrWithoutQuorum(Fault fault) {
    assertGood(BORN, fault, world(BORN, fault).exploreBirth());
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "DEATH", "LOSS"})
  void aGroupWithALeaderEndsWithOneLeaderOrWithoutQuorum(Fault fault) {
    assertGood(LIVING, fault, world(LIVING, fault).exploreLife());
  }

  private static void assertGood(int members, Fault fault, Findings findings) {
    assertThat(findings.wrong())
        .as(
            "%d members, %s: %d states, %d ends, %d with rivals",
            members, fault, findings.states(), findings.ends(), findings.rivals())
        .isEmpty();
    assertThat(findings.ends()).isPositive();
  }
}
