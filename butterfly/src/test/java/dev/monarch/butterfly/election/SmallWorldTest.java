package dev.monarch.butterfly.election;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.election.SmallWorld.Fault;
import dev.monarch.butterfly.election.SmallWorld.Findings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that can happen to small groups. {@code -Dworld=born:4:DEATH:2} tries one instead: how
 * it begins (born, living, restarted), how many members, what goes wrong, and how many deviations,
 * or all orders. {@code -Dworld.states=40000000} has more patience, and needs 40 to 200 bytes for
 * each. What came out of the larger ones is recorded in {@code docs/model/README.md}.
 */
class SmallWorldTest {
  private static final int STATES_MAX = Integer.getInteger("world.states", 3_000_000);

  /** What is searched in every build, to the end. */
  private static final List<World> IN_EVERY_BUILD =
      List.of(
          new World(Beginning.BORN, 2, Fault.CUT, SmallWorld.ALL),
          new World(Beginning.BORN, 3, Fault.DEATH, SmallWorld.ALL),
          new World(Beginning.BORN, 3, Fault.LOSS, SmallWorld.ALL),
          new World(Beginning.BORN, 3, Fault.CUT, 1),
          new World(Beginning.LIVING, 3, Fault.CUT, SmallWorld.ALL),
          new World(Beginning.LIVING, 4, Fault.DEATH, SmallWorld.ALL),
          new World(Beginning.LIVING, 5, Fault.DEATH, 1),
          new World(Beginning.RESTARTED, 3, Fault.DEATH, SmallWorld.ALL),
          new World(Beginning.RESTARTED, 3, Fault.LOSS, SmallWorld.ALL),
          new World(Beginning.RESTARTED, 3, Fault.CUT, 1));

  /** How a world begins. */
  enum Beginning {
    /** No service has started yet. */
    BORN,
    /** All follow the greatest one, and it is quiet. */
    LIVING,
    /** So too, and an operator lets one of them restart the election. */
    RESTARTED
  }

  /** What is searched. */
  record World(Beginning beginning, int members, Fault fault, int deviations) {
    static World parse(String text) {
      String[] parts = text.toUpperCase(java.util.Locale.ROOT).split(":", -1);
      if (parts.length != 4) {
        throw new IllegalArgumentException(
            "expected a world like born:3:DEATH:all or living:5:CUT:2, found " + text);
      }
      return new World(
          Beginning.valueOf(parts[0]),
          Integer.parseInt(parts[1]),
          Fault.valueOf(parts[2]),
          parts[3].equals("ALL") ? SmallWorld.ALL : Integer.parseInt(parts[3]));
    }

    Findings explore(ElectionSettings settings) {
      SmallWorld world = new SmallWorld(members, settings, fault, deviations, STATES_MAX);
      return switch (beginning) {
        case BORN -> world.exploreBirth();
        case LIVING -> world.exploreLife();
        case RESTARTED -> world.exploreRestart();
      };
    }

    @Override
    public String toString() {
      return "%s:%d:%s:%s"
          .formatted(beginning, members, fault, deviations == SmallWorld.ALL ? "all" : deviations);
    }
  }

  static Stream<World> worlds() {
    return Optional.ofNullable(System.getProperty("world"))
        .map(text -> Stream.of(World.parse(text)))
        .orElseGet(IN_EVERY_BUILD::stream);
  }

  @ParameterizedTest
  @MethodSource("worlds")
  void aGroupEndsWithOneLeaderOrWithoutQuorum(World world) {
    Findings findings = world.explore(ElectionSettings.standard());

    System.out.printf(
        "butterfly: world %s: %d states%s, %d steps deep, %d good ends, %d states with rivals, odds"
            + " of a miss %.0e%n",
        world,
        findings.states(),
        findings.exhausted() ? "" : " (not all)",
        findings.depth(),
        findings.ends(),
        findings.rivals(),
        findings.collisionOdds());
    assertThat(findings.wrong()).as(world + ": " + findings).isEmpty();
    assertThat(findings.exhausted() || isAskedFor()).as("searched to the end").isTrue();
    if (world.fault() != Fault.CUT) {
      assertThat(findings.rivals()).as("two leaders of one term, without a cut").isZero();
    }
  }

  private static boolean isAskedFor() {
    return System.getProperty("world") != null;
  }

  @Test
  void aGroupThatDoesNotReplaceADeadCandidateIsFoundToGetStuck() {
    ElectionSettings ours = ElectionSettings.standard();
    ElectionSettings forgetful =
        new ElectionSettings(
            ours.checkInterval(),
            ours.pushInterval(),
            ours.quorumPatience(),
            ours.strangerPatience(),
            ours.retellInterval(),
            ours.corrects(),
            ours.awaitsServices(),
            false,
            ours.clearsTheWay(),
            ours.believesOthers(),
            ours.steady(),
            ours.doubtsTheDisk(),
            ours.termDistanceMax());

    Findings findings =
        new World(Beginning.RESTARTED, 3, Fault.DEATH, SmallWorld.ALL).explore(forgetful);

    assertThat(findings.wrong()).hasValueSatisfying(story -> assertThat(story).contains("c dead"));
  }
}
