package dev.monarch.butterfly.election;

import static dev.monarch.wire.Rumor.ElectionStatus.FINISHED;
import static dev.monarch.wire.Rumor.ElectionStatus.NO_QUORUM;
import static dev.monarch.wire.Rumor.ElectionStatus.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.wire.Health;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The rows of butterfly.md 9.2 and 9.4 to 9.6, one after the other, for member m of the group of a,
 * m and z. Stock settings unless the test is about others.
 */
class ElectionRulesTest {
  private static final String GROUP = "redis.default";
  private static final long GREATEST = -1;

  private final ElectionRules rules = rules(ElectionKind.LEADER, ElectionSettings.stock());
  private final ElectionRules healing = rules(ElectionKind.LEADER, ElectionSettings.standard());
  private final ElectionRules updates = rules(ElectionKind.UPDATE_LEADER, ElectionSettings.stock());

  private final Population all = group(Health.ALIVE, Health.ALIVE, Health.ALIVE);
  private final Population alone = group(Health.CONFIRMED, Health.ALIVE, Health.SUSPECT);

  private static ElectionRules rules(ElectionKind kind, ElectionSettings settings) {
    return new ElectionRules(kind, settings, "m");
  }

  /** The group as m sees it. */
  private static Population group(Health a, Health m, Health z) {
    Map<String, Health> healths = new TreeMap<>(Map.of("a", a, "m", m, "z", z, "x", Health.ALIVE));
    return new Population(List.of("z", "a", "m"), id -> Optional.ofNullable(healths.get(id)));
  }

  private static Election record(
      String candidate, long term, long suitability, ElectionStatus status, String... votes) {
    return new Election(candidate, GROUP, term, suitability, status, Arrays.asList(votes));
  }

  private Optional<Election> hear(Election stored, Election incoming) {
    return rules.hear(Optional.of(stored), incoming, all, 0);
  }

  // ---- 9.2 ----

  @Test
  void aQuorumIsMoreThanHalfOfThoseNotDeparted() {
    int[] needed = {1, 1, 2, 2, 3, 3};
    for (int total = 0; total <= 5; total++) {
      for (int alive = 0; alive <= total; alive++) {
        List<String> owners = List.of("a", "b", "c", "d", "e", "gone", "unknown");
        int aliveNow = alive;
        int totalNow = total;
        Population population =
            new Population(
                owners,
                id -> {
                  int index = owners.indexOf(id);
                  if (index < totalNow) {
                    return Optional.of(index < aliveNow ? Health.ALIVE : Health.CONFIRMED);
                  }
                  return id.equals("gone") ? Optional.of(Health.DEPARTED) : Optional.empty();
                });

        assertThat(population.hasQuorum())
            .as("%d of %d", alive, total)
            .isEqualTo(alive >= needed[total] && total > 0);
      }
    }
  }

  @Test
  void whoIsSuspectCountsButDoesNotVote() {
    Population population = group(Health.SUSPECT, Health.ALIVE, Health.DEPARTED);

    assertThat(population.counted()).containsExactly("a", "m");
    assertThat(population.electorate()).containsExactly("m");
    assertThat(population.hasQuorum()).isFalse();
  }

  // ---- 9.4 ----

  @Test
  void whoStandsVotesForItself() {
    assertThat(rules.stand(Optional.empty(), GROUP, 0, 7, all))
        .isEqualTo(record("m", 0, 7, RUNNING, "m"));
    assertThat(rules.stand(Optional.empty(), GROUP, 0, 7, alone))
        .isEqualTo(record("m", 0, 7, NO_QUORUM, "m"));
  }

  @Test
  void whoStandsGivesWayToABetterRecord() {
    assertThat(rules.stand(Optional.of(record("z", 0, 0, FINISHED, "z")), GROUP, 0, 7, all))
        .isEqualTo(record("z", 0, 0, FINISHED, "z", "m"));
    assertThat(rules.stand(Optional.of(record("a", 3, 0, RUNNING, "a")), GROUP, 0, 7, all))
        .isEqualTo(record("a", 3, 0, RUNNING, "a"));
  }

  // ---- 9.5 ----

  @Test
  void row1WhoRunsNoServiceInTheGroupMerges() {
    ElectionRules stranger = new ElectionRules(ElectionKind.LEADER, ElectionSettings.stock(), "x");

    assertThat(stranger.hear(Optional.empty(), record("z", 4, 0, NO_QUORUM, "z"), all, 0))
        .contains(record("z", 4, 0, NO_QUORUM, "z"));
    assertThat(
            stranger.hear(
                Optional.of(record("z", 4, 0, RUNNING, "z")),
                record("a", 5, 9, RUNNING, "a"),
                all,
                0))
        .contains(record("a", 5, 9, RUNNING, "a", "z"));
    assertThat(
            stranger.hear(
                Optional.of(record("a", 4, 0, RUNNING, "a")),
                record("a", 4, 0, RUNNING, "a"),
                all,
                0))
        .isEmpty();
  }

  @Test
  void row2WhoHasNoRecordStartsInTheTermThatComesIn() {
    assertThat(rules.hear(Optional.empty(), record("a", 4, 0, NO_QUORUM, "a"), all, 3))
        .contains(record("m", 4, 3, RUNNING, "m", "a"));
    assertThat(rules.hear(Optional.empty(), record("z", 4, 5, RUNNING, "z"), alone, 3))
        .contains(record("z", 4, 5, NO_QUORUM, "z", "m"));
    assertThat(rules.hear(Optional.empty(), record("a", 4, 0, FINISHED, "a", "z"), all, 3))
        .contains(record("a", 4, 0, FINISHED, "a", "z"));
  }

  @Test
  void row3aWhoLedBeforeStandsInALaterTermWithTheGreatestSuitability() {
    assertThat(hear(record("m", 1, 0, FINISHED, "m"), record("z", 2, 8, RUNNING, "z")))
        .contains(record("m", 2, GREATEST, RUNNING, "m", "z"));
    assertThat(hear(record("m", 1, 0, FINISHED, "m"), record("z", 2, 8, FINISHED, "z")))
        .contains(record("z", 2, 8, FINISHED, "z"));
  }

  @Test
  void row3bALaterTermOfTheLeaderKnownIsTakenPartIn() {
    assertThat(hear(record("a", 1, 0, FINISHED, "a"), record("a", 2, GREATEST, NO_QUORUM, "a")))
        .contains(record("a", 2, GREATEST, RUNNING, "a", "m"));
    assertThat(hear(record("a", 1, 0, FINISHED, "a"), record("a", 2, 0, RUNNING, "a")))
        .contains(record("m", 2, 0, RUNNING, "m", "a"));
  }

  @Test
  @Check("butterfly-64")
  void row3cALaterTermOfAnybodyElseIsIgnoredInTheGroupAndMergedOutside() {
    Election known = record("a", 1, 0, FINISHED, "a");
    Election running = record("z", 2, 9, RUNNING, "z");
    Election finished = record("z", 2, 9, FINISHED, "z", "a", "m");

    assertThat(hear(known, running)).isEmpty();
    assertThat(hear(known, finished)).isEmpty();

    ElectionRules stranger = new ElectionRules(ElectionKind.LEADER, ElectionSettings.stock(), "x");
    assertThat(stranger.hear(Optional.of(known), running, all, 0))
        .contains(record("z", 2, 9, RUNNING, "z", "a"));
    assertThat(stranger.hear(Optional.of(known), finished, all, 0)).contains(finished);
  }

  @Test
  void row4TheCandidateFinishesWhenAllThatLiveHaveVotedInARecordItIsSent() {
    Election own = record("m", 1, 0, RUNNING, "m", "z", "a");

    assertThat(hear(own, record("m", 1, 0, RUNNING, "m", "z"))).contains(own);
    assertThat(hear(own, record("m", 1, 0, RUNNING, "a", "m", "z")))
        .contains(record("m", 1, 0, FINISHED, "a", "m", "z"));
    assertThat(
            rules.hear(
                Optional.of(own),
                record("m", 1, 0, RUNNING, "m", "z"),
                group(Health.SUSPECT, Health.ALIVE, Health.ALIVE),
                0))
        .contains(record("m", 1, 0, FINISHED, "m", "z"));
  }

  @Test
  void row4NobodyElseFinishes() {
    assertThat(hear(record("z", 1, 0, RUNNING, "z"), record("z", 1, 0, RUNNING, "a", "m", "z")))
        .contains(record("z", 1, 0, RUNNING, "z", "a", "m"));
  }

  @Test
  void row4WithoutAQuorumTheCandidateDoesNotFinish() {
    assertThat(
            rules.hear(
                Optional.of(record("m", 1, 0, NO_QUORUM, "m")),
                record("m", 1, 0, RUNNING, "m", "a", "z"),
                alone,
                0))
        .contains(record("m", 1, 0, NO_QUORUM, "m", "a", "z"));
  }

  @Test
  void row4VotesOfMembersThatNobodyKnowsDoNotCount() {
    assertThat(
            hear(
                record("m", 1, 0, RUNNING, "m"),
                record("m", 1, 0, RUNNING, "m", "ghost1", "ghost2", "ghost3")))
        .contains(record("m", 1, 0, RUNNING, "m", "ghost1", "ghost2", "ghost3"));
  }

  @Test
  void row5ARecordThatIsNotFinishedSaysOfTheQuorumWhatIsSoHere() {
    assertThat(hear(record("z", 1, 0, RUNNING, "z", "m"), record("z", 1, 0, NO_QUORUM, "z", "m")))
        .isEmpty();
    assertThat(
            rules.hear(
                Optional.of(record("a", 1, 0, RUNNING, "a")),
                record("z", 1, 0, RUNNING, "z"),
                alone,
                0))
        .contains(record("z", 1, 0, NO_QUORUM, "z", "a"));
  }

  // ---- 9.6 ----

  private static void assertConcern(
      ElectionRules rules, Election stored, Population population, Concern expected) {
    assertThat(rules.concern(stored, population)).isEqualTo(expected);
  }

  @Test
  void aLeaderWithoutQuorumRestartsWithTheGreatestSuitability() {
    Election leads = record("m", 1, 0, FINISHED, "a", "m", "z");

    assertConcern(rules, leads, all, Concern.NONE);
    assertConcern(rules, leads, alone, Concern.QUORUM_LOST);
    assertThat(rules.restart(leads, alone, 3)).isEqualTo(record("m", 2, GREATEST, NO_QUORUM, "m"));
  }

  @Test
  void aFollowerRestartsWhenTheLeaderIsConfirmedDepartedOrUnknownButNotWhenItIsSuspect() {
    Election led = record("z", 1, 0, FINISHED, "z");

    assertConcern(rules, led, group(Health.ALIVE, Health.ALIVE, Health.ALIVE), Concern.NONE);
    assertConcern(rules, led, group(Health.ALIVE, Health.ALIVE, Health.SUSPECT), Concern.NONE);
    assertConcern(rules, led, group(Health.ALIVE, Health.ALIVE, Health.CONFIRMED), Concern.GONE);
    assertConcern(rules, led, group(Health.ALIVE, Health.ALIVE, Health.DEPARTED), Concern.GONE);
    assertConcern(rules, record("nobody", 1, 0, FINISHED, "z"), all, Concern.STRANGER);
    assertThat(rules.restart(led, all, 3)).isEqualTo(record("m", 2, 3, RUNNING, "m"));
  }

  @Test
  void anOriginalLeavesARecordThatIsNotFinishedAsItIs() {
    Population dead = group(Health.ALIVE, Health.ALIVE, Health.CONFIRMED);

    assertConcern(rules, record("z", 1, 0, RUNNING, "z"), dead, Concern.NONE);
    assertConcern(rules, record("z", 1, 0, NO_QUORUM, "z"), all, Concern.NONE);
    assertConcern(rules, record("x", 1, 0, FINISHED, "x"), all, Concern.NONE);
  }

  @Test
  void termsGoOnFromTheGreatestToZeroAsInAnOriginal() {
    assertThat(rules.restart(record("z", -1, 0, FINISHED, "z"), all, 0).term()).isZero();
  }

  // ---- 9.8 ----

  @Test
  void anUpdateElectionTakesPartInEveryLaterTermWithoutSuitability() {
    Election known = record("m", 1, 0, FINISHED, "m");

    assertThat(updates.hear(Optional.of(known), record("a", 2, 0, RUNNING, "a"), all, 7))
        .contains(record("m", 2, 0, RUNNING, "m", "a"));
    assertThat(
            updates.hear(
                Optional.of(record("a", 1, 0, FINISHED, "a")),
                record("z", 2, 0, FINISHED, "z", "a"),
                all,
                7))
        .contains(record("z", 2, 0, FINISHED, "z", "a"));
    assertThat(updates.hear(Optional.empty(), record("a", 1, 0, RUNNING, "a"), all, 7))
        .contains(record("m", 1, 0, RUNNING, "m", "a"));
    assertThat(updates.restart(known, all, 7)).isEqualTo(record("m", 2, 0, RUNNING, "m"));
  }

  // ---- where we differ ----

  @Test
  void ofOursWhoJoinsTheGroupOfAPendingElectionVotes() {
    Election pending = record("z", 1, 0, RUNNING, "z", "a");

    assertConcern(rules, pending, all, Concern.NONE);
    assertConcern(healing, pending, all, Concern.OUTDATED);
    assertThat(healing.corrected(pending, all))
        .isEqualTo(record("z", 1, 0, RUNNING, "z", "a", "m"));
    assertConcern(healing, record("z", 1, 0, FINISHED, "z", "a"), all, Concern.NONE);
  }

  @Test
  void ofOursTheRecordFollowsTheQuorum() {
    Election minority = record("z", 1, 0, RUNNING, "z");

    assertConcern(
        healing, minority, group(Health.SUSPECT, Health.SUSPECT, Health.ALIVE), Concern.OUTDATED);
    assertThat(healing.corrected(minority, alone))
        .isEqualTo(record("z", 1, 0, NO_QUORUM, "z", "m"));
  }

  @Test
  void ofOursACandidateThatDiesIsReplacedBySomebodyWithSomeSuitability() {
    Population dead = group(Health.ALIVE, Health.ALIVE, Health.CONFIRMED);
    Election candidacy = record("z", 1, GREATEST, RUNNING, "z", "a");

    assertConcern(healing, candidacy, dead, Concern.GONE);
    assertThat(healing.restart(candidacy, dead, 0)).isEqualTo(record("m", 2, 1, RUNNING, "m"));
    assertThat(healing.restart(candidacy, dead, 5)).isEqualTo(record("m", 2, 5, RUNNING, "m"));
  }

  @Test
  void ofOursACandidateThatNobodyInTheRingKnowsIsAStranger() {
    assertConcern(healing, record("nobody", 1, 0, RUNNING, "x"), all, Concern.STRANGER);
    assertConcern(healing, record("nobody", 1, 0, FINISHED, "x"), all, Concern.STRANGER);
  }

  @Test
  void ofOursALaterLeaderIsBelievedIfItIsALivingMemberOfTheGroup() {
    Optional<Election> known = Optional.of(record("a", 1, 0, FINISHED, "a"));
    Election elected = record("z", 4, 0, FINISHED, "z", "m");

    assertThat(healing.hear(known, elected, all, 0)).contains(elected);
    assertThat(healing.hear(known, record("x", 4, 0, FINISHED, "z", "m"), all, 0)).isEmpty();
    assertThat(healing.hear(known, record("z", 4, 0, RUNNING, "z", "m"), all, 0)).isEmpty();
    assertThat(healing.hear(known, elected, group(Health.ALIVE, Health.ALIVE, Health.CONFIRMED), 0))
        .isEmpty();
  }

  @Test
  void ofOursALaterTermIsTakenPartInOnceTheLeaderKnownHasVotedInIt() {
    Optional<Election> known = Optional.of(record("a", 1, 0, FINISHED, "a"));

    assertThat(healing.hear(known, record("z", 2, 0, RUNNING, "z"), all, 0)).isEmpty();
    assertThat(healing.hear(known, record("z", 2, 0, RUNNING, "z", "a"), all, 0))
        .contains(record("z", 2, 0, RUNNING, "z", "a", "m"));
  }

  @Test
  void ofOursOfTwoLeadersInOneTermTheSameOneWinsWhoeverIsHeardFirst() {
    Election one = record("a", 1, 0, FINISHED, "a", "m");
    Election other = record("z", 1, 0, FINISHED, "z", "m");

    assertThat(healing.hear(Optional.of(one), other, all, 0)).contains(other);
    assertThat(healing.hear(Optional.of(other), one, all, 0)).contains(other);
    assertThat(hear(other, one)).contains(one);
  }

  @Test
  void ofOursVotesInAnotherOrderAreNoNewsOnceAnElectionIsFinished() {
    Optional<Election> known = Optional.of(record("z", 1, 0, FINISHED, "z", "m", "a"));

    assertThat(healing.hear(known, record("z", 1, 0, FINISHED, "a", "m", "z"), all, 0)).isEmpty();
    assertThat(rules.hear(known, record("z", 1, 0, FINISHED, "a", "m", "z"), all, 0)).isPresent();
  }

  @Test
  void ofOursTheLowerOfTwoTermsWinsThatNoElectionsCanHaveLedTo() {
    Election known = record("a", 5, 0, FINISHED, "a", "m", "z");
    Election absurd = record("nobody", -1, GREATEST, FINISHED, "nobody");

    assertThat(healing.hear(Optional.of(known), absurd, all, 0)).isEmpty();
    assertThat(healing.hear(Optional.of(absurd), known, all, 0)).contains(known);

    ElectionRules stranger =
        new ElectionRules(ElectionKind.LEADER, ElectionSettings.standard(), "x");
    assertThat(stranger.hear(Optional.of(known), absurd, all, 0)).isEmpty();
    assertThat(stranger.hear(Optional.of(absurd), known, all, 0)).contains(known);
  }

  @Test
  void ofOursWhatClearsTheWayWinsNothing() {
    Election current = record("m", 2, 1, RUNNING, "m");
    Election clearing = ElectionRules.clearing(current, "z");

    assertThat(clearing).isEqualTo(record("z", 2, 0, RUNNING));
    assertThat(healing.hear(Optional.of(current), clearing, all, 0)).isEmpty();
  }

  @Test
  void anOriginalTakesPartInALaterTermOnceTheWayIsCleared() {
    Election pending = record("z", 1, GREATEST, RUNNING, "z", "m");
    Election ours = record("a", 2, 1, RUNNING, "a");

    assertThat(hear(pending, ours)).isEmpty();
    Election cleared = hear(pending, ElectionRules.clearing(ours, "z")).orElseThrow();
    assertThat(cleared.term()).isEqualTo(2);
    assertThat(hear(cleared, ours)).contains(record("a", 2, 1, RUNNING, "a", "m"));
  }

  @Test
  void anOriginalThatDidNotHearOfALostLeadersVictoryBeginsTheNextTermOnceItDoes() {
    Election open = record("z", 1, 3, RUNNING, "z", "m");
    Election led = record("z", 1, 3, FINISHED, "a", "m", "z");

    assertThat(hear(open, record("a", 2, 0, RUNNING, "a"))).isEmpty();
    Election heard = hear(open, ElectionRules.ended(led)).orElseThrow();
    assertThat(heard).isEqualTo(record("z", 1, 3, FINISHED));
    Population bereft = group(Health.ALIVE, Health.ALIVE, Health.CONFIRMED);
    assertThat(rules.concern(heard, bereft)).isEqualTo(Concern.GONE);
  }

  @Test
  void ofOursAVictoryWithoutVotesIsNoNews() {
    Election open = record("z", 1, 3, RUNNING, "z", "m");
    Election led = record("z", 1, 3, FINISHED, "a", "m", "z");
    Election other = record("a", 1, 0, FINISHED, "a", "m");

    for (Election known : List.of(open, led, other)) {
      assertThat(healing.hear(Optional.of(known), ElectionRules.ended(led), all, 0)).isEmpty();
    }
    assertThat(healing.hear(Optional.of(other), led, all, 0)).contains(led);
  }

  @Test
  void ofOursALeaderReadFromDiskIsACandidateUntilOthersSayThatItLeads() {
    Election led = record("m", 4, 2, FINISHED, "a", "m", "z");
    Election question = healing.doubted(led, all);

    assertThat(question).isEqualTo(record("m", 4, 2, RUNNING, "m"));
    assertThat(healing.hear(Optional.of(led), question, all, 0)).contains(led);
    assertThat(healing.hear(Optional.of(question), led, all, 0)).contains(led);
    assertThat(healing.hear(Optional.of(question), led, alone, 0))
        .contains(record("m", 5, GREATEST, NO_QUORUM, "m"));
  }

  @Test
  void ofOursALeaderAnswersAFollowerThatDidNotHearThatItHasWon() {
    Election leads = record("m", 1, 0, FINISHED, "a", "m", "z");

    assertThat(healing.hear(Optional.of(leads), record("m", 1, 0, RUNNING, "a", "m", "z"), all, 0))
        .contains(leads);
  }

  @Test
  void ofOursAnotherOrderOfTheVotesIsNoNews() {
    Election stored = record("z", 1, 0, RUNNING, "z", "a", "m");
    Election reordered = record("z", 1, 0, RUNNING, "z", "m", "a");

    assertThat(hear(stored, reordered)).contains(stored);
    assertThat(healing.hear(Optional.of(stored), reordered, all, 0)).isEmpty();
    assertThat(healing.hear(Optional.of(stored), record("z", 1, 0, RUNNING, "z", "m"), all, 0))
        .contains(stored);
  }

  @Test
  void aLeaderHandsOverToTheGreatestOfTheOthers() {
    Election leads = record("m", 3, 0, FINISHED, "a", "m", "z");

    assertThat(rules.nominate(leads, all)).contains(record("z", 4, 1, RUNNING, "m"));
    assertThat(rules.nominate(leads, group(Health.ALIVE, Health.ALIVE, Health.SUSPECT)))
        .contains(record("a", 4, 1, RUNNING, "m"));
    assertThat(rules.nominate(leads, alone)).isEmpty();
    assertThat(rules.nominate(record("z", 3, 0, FINISHED, "z"), all)).isEmpty();
    assertThat(rules.nominate(record("m", 3, 0, RUNNING, "m"), all)).isEmpty();
  }
}
