package dev.monarch.butterfly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.Output.RumorStored;
import dev.monarch.butterfly.election.Tally;
import dev.monarch.checks.Check;
import dev.monarch.wire.Health;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.ElectionUpdateRumor;
import dev.monarch.wire.ServiceGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * Groups that elect, among members that follow the original's rules and times and members that
 * follow ours. "Original" here is a member of ours with stock settings.
 */
class ElectionTest {
  private static final ServiceGroup GROUP = new ServiceGroup("redis.default");
  private static final Duration TICK = Duration.ofMillis(10);

  private final Story story = new Story();
  private final List<TestMember> ring = new ArrayList<>();

  private TestMember original(int number) {
    return joined(story.member(number).settings(Settings.stock()));
  }

  private TestMember ours(int number) {
    return joined(story.member(number).settings(Settings.standard()));
  }

  private TestMember joined(TestMember.Builder builder) {
    int[] peers = ring.isEmpty() ? new int[0] : new int[] {ring.getFirst().number()};
    TestMember member = builder.permanent().knowingItsAddress().peers(peers).start();
    ring.add(member);
    return member;
  }

  private void runsService(TestMember member) {
    member.does(new Input.Publish(Given.service(member.number(), GROUP.text(), 1)));
    member.does(new Input.StandForElection(GROUP));
  }

  private void allRunServices() {
    ring.forEach(
        member -> member.does(new Input.Publish(Given.service(member.number(), GROUP.text(), 1))));
    within(
        20,
        () -> ring.stream().allMatch(member -> member.state().services().size() == ring.size()));
    ring.forEach(member -> member.does(new Input.StandForElection(GROUP)));
  }

  private void within(int seconds, BooleanSupplier condition) {
    long end = story.now() + Duration.ofSeconds(seconds).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(story.now())
          .as(
              () ->
                  "after " + seconds + " s: " + ring.stream().map(ElectionTest::election).toList())
          .isLessThan(end);
      story.passes(TICK);
    }
  }

  private static Optional<Election> election(TestMember member) {
    return member.state().elections().stream()
        .filter(election -> election.group().equals(GROUP.text()))
        .findFirst();
  }

  private static boolean follows(TestMember member, int leader) {
    return election(member)
        .filter(election -> election.status() == ElectionStatus.FINISHED)
        .filter(election -> election.candidate().equals(Given.id(leader)))
        .isPresent();
  }

  private static boolean lacksQuorum(TestMember member) {
    return election(member).map(Election::status).equals(Optional.of(ElectionStatus.NO_QUORUM));
  }

  private boolean allFollow(int leader, TestMember... members) {
    return List.of(members).stream().allMatch(member -> follows(member, leader));
  }

  private boolean allFollow(int leader) {
    return ring.stream().allMatch(member -> follows(member, leader));
  }

  @Test
  @Check("butterfly-57")
  void aLoneMemberHasNoQuorum() {
    TestMember lone = ours(1);

    runsService(lone);
    story.passes(Duration.ofMinutes(1));

    assertThat(lacksQuorum(lone)).isTrue();
  }

  @Test
  @Check("butterfly-55")
  void whoRunsNoServiceAnswersTheOnlyCandidateThere() {
    TestMember candidate = original(1);
    ours(2);

    runsService(candidate);

    within(10, () -> allFollow(1));
  }

  @Test
  @Check("butterfly-56")
  void aGroupOfOneElectsItselfAmongOriginals() {
    original(1);
    TestMember candidate = ours(2);

    runsService(candidate);

    within(10, () -> allFollow(2));
  }

  @Test
  @Check("butterfly-58")
  void ofTwoTheGreaterIdLeads() {
    TestMember one = original(1);
    TestMember other = ours(2);
    within(10, () -> one.held(2).isPresent() && other.held(1).isPresent());

    runsService(other);
    runsService(one);

    within(10, () -> allFollow(2));
    within(
        10,
        () -> ring.stream().allMatch(member -> election(member).orElseThrow().votes().size() == 2));
    assertThat(election(one).orElseThrow().votes()).contains(one.id(), other.id());
  }

  @Test
  @Check("butterfly-59")
  void theMostSuitableLeadsAndOfEquallySuitableOnesTheGreaterId() {
    TestMember two = ours(2);
    TestMember three = original(3);
    original(1);
    two.does(new Input.SuitabilityKnown(GROUP, 5));
    ring.getLast().does(new Input.SuitabilityKnown(GROUP, 5));
    three.does(new Input.SuitabilityKnown(GROUP, 0));

    allRunServices();

    within(10, () -> allFollow(2));
  }

  @Test
  void suitabilityIsUnsigned() {
    ours(1).does(new Input.SuitabilityKnown(GROUP, -1));
    ours(2).does(new Input.SuitabilityKnown(GROUP, Long.MAX_VALUE));
    ours(3);

    allRunServices();

    within(10, () -> allFollow(1));
  }

  private void threeWithLeader3() {
    original(1);
    ours(2);
    ours(3);
    allRunServices();
    within(10, () -> allFollow(3));
  }

  @Test
  @Check("butterfly-60")
  void theOthersElectOneOfThemAtTheNextTermWhenTheLeaderDies() {
    threeWithLeader3();

    story.kill(ring.get(2));

    within(40, () -> allFollow(2, ring.get(0), ring.get(1)));
    assertThat(election(ring.get(0)).orElseThrow().term()).isEqualTo(1);
    assertThat(election(ring.get(1)).orElseThrow().term()).isEqualTo(1);
  }

  @Test
  void aLeaderThatLeavesIsReplacedAtOnce() {
    ours(1);
    ours(2);
    ours(3);
    allRunServices();
    within(10, () -> allFollow(3));

    ring.get(2).does(new Input.Leave());

    within(1, () -> allFollow(2, ring.get(0), ring.get(1)));
  }

  /** All have voted, and nobody says so to the candidate again (butterfly.md 13, W22). */
  private static ElectionStatus afterALostEcho(Settings settings) {
    Story story = new Story();
    story.extra(1);
    story.extra(2);
    TestMember candidate = story.member(3).settings(settings).knowingItsAddress().start();
    for (int number : List.of(1, 2, 3)) {
      candidate.hears(Given.rumor(Given.held(number, 0, Health.ALIVE)));
    }
    candidate.does(new Input.Publish(Given.service(3, GROUP.text(), 1)));
    candidate.does(new Input.StandForElection(GROUP));
    for (int number : List.of(1, 2)) {
      String voter = Given.id(number);
      candidate.hears(Given.service(number, GROUP.text(), 1));
      candidate.hears(
          new ElectionRumor(
              new Election(voter, GROUP.text(), 0, 0, ElectionStatus.RUNNING, List.of(voter))));
    }
    assertThat(election(candidate).orElseThrow().status()).isEqualTo(ElectionStatus.RUNNING);
    assertThat(election(candidate).orElseThrow().votes()).hasSize(3);

    story.passes(Duration.ofMinutes(1));
    return election(candidate).orElseThrow().status();
  }

  @Test
  void aLostEchoLeavesAnOriginalPendingAndNoneOfOurs() {
    assertThat(afterALostEcho(Settings.stock())).isEqualTo(ElectionStatus.RUNNING);
    assertThat(afterALostEcho(Settings.standard())).isEqualTo(ElectionStatus.FINISHED);
  }

  /** An original deletes its record before it starts another one (butterfly.md 13, W24). */
  @Test
  void atNoMomentIsThereNoElectionOnceThereWasOne() {
    threeWithLeader3();

    ring.get(1).does(new Input.RestartElection(GROUP));
    assertAlwaysThere(Duration.ofSeconds(5));
    story.kill(ring.removeLast());
    assertAlwaysThere(Duration.ofSeconds(30));

    assertThat(allFollow(2)).isTrue();
  }

  private void assertAlwaysThere(Duration span) {
    for (long end = story.now() + span.toNanos(); story.now() < end; story.passes(TICK)) {
      assertThat(ring).allMatch(member -> election(member).isPresent());
    }
  }

  @Test
  void anOriginalThatMissedAVictoryIsBroughtInWhenTheLeaderIsGone() {
    TestMember original = original(1);
    TestMember voter = ours(2);
    TestMember leader = ours(3);
    allRunServices();
    within(10, () -> allFollow(3));

    leader.does(new Input.RestartElection(GROUP));
    within(10, () -> election(original).orElseThrow().votes().contains(original.id()));
    story.cutPath(1, 3);
    while (election(voter).orElseThrow().term() == 0 || !follows(voter, 3)) {
      story.passes(Duration.ofMillis(1));
    }
    assertThat(follows(original, 3)).isFalse();
    story.kill(leader);
    voter.does(new Input.Depart(leader.id()));
    original.does(new Input.Depart(leader.id()));

    within(20, () -> allFollow(2, original, voter));
  }

  @Test
  void whoVotesCountsHowLongItsGroupHadNoLeader() {
    threeWithLeader3();
    TestMember voter = ring.get(1);
    Tally before = tally(voter);

    story.kill(ring.get(2));
    within(40, () -> allFollow(2, ring.get(0), ring.get(1)));

    Tally after = tally(voter);
    assertThat(elections(after)).isEqualTo(elections(before) + 1);
    assertThat(after.withoutLeader(story.now()).minus(before.withoutLeader(story.now())))
        .isBetween(Duration.ofMillis(1), Duration.ofSeconds(3));
  }

  private static Tally tally(TestMember member) {
    return Objects.requireNonNull(member.view().electionTallies().get(GROUP.text()));
  }

  private static long elections(Tally tally) {
    return tally.counts().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void aLeaderThatIsOnlySuspectedKeepsItsPlace() {
    threeWithLeader3();

    ring.get(0).hears(2, Given.ping(2, 0, Given.held(3, 0, Health.SUSPECT)));
    assertThat(ring.get(0).healthOf(3)).isEqualTo(Health.SUSPECT);
    story.passes(Duration.ofSeconds(30));

    assertThat(allFollow(3)).isTrue();
    assertThat(election(ring.get(0)).orElseThrow().term()).isZero();
  }

  @Test
  @Check("butterfly-61")
  void anIsolatedFollowerThatReturnsDoesNotChangeWhoLeads() {
    threeWithLeader3();

    story.cutOff(1);
    story.passes(Duration.ofSeconds(30));
    assertThat(lacksQuorum(ring.get(0))).isTrue();
    assertThat(ring.get(0).view().lastLeaders()).containsEntry(GROUP.text(), Given.id(3));
    assertThat(allFollow(3, ring.get(1), ring.get(2))).isTrue();
    story.heal(1);

    within(30, () -> allFollow(3) && election(ring.get(0)).orElseThrow().term() > 0);
    within(5, () -> election(ring.get(2)).equals(election(ring.get(0))));
  }

  @Test
  @Check("butterfly-62")
  void theMinoritysLeaderLosesItsPlaceToTheMajoritys() {
    original(1);
    ours(2);
    ours(3);
    original(4);
    ours(5);
    allRunServices();
    within(20, () -> allFollow(5));

    cutApart(List.of(4, 5), List.of(1, 2, 3));
    within(40, () -> allFollow(3, ring.get(0), ring.get(1), ring.get(2)));
    story.passes(Duration.ofSeconds(10));
    assertThat(follows(ring.get(3), 5)).isFalse();
    assertThat(lacksQuorum(ring.get(4))).isTrue();
    join(List.of(4, 5), List.of(1, 2, 3));

    within(30, () -> allFollow(3));
  }

  @Test
  @Check("butterfly-63")
  void equalHalvesHaveNoLeaderUntilTheyMeetAgain() {
    original(1);
    ours(2);
    original(3);
    ours(4);
    allRunServices();
    within(20, () -> allFollow(4));

    cutApart(List.of(1, 2), List.of(3, 4));
    story.passes(Duration.ofSeconds(40));
    assertThat(ring).noneMatch(member -> follows(member, 4) || follows(member, 2));
    assertThat(lacksQuorum(ring.get(1))).isTrue();
    assertThat(lacksQuorum(ring.get(3))).isTrue();
    join(List.of(1, 2), List.of(3, 4));

    within(30, () -> ring.stream().anyMatch(member -> allFollow(member.number())));
  }

  private void cutApart(List<Integer> some, List<Integer> others) {
    some.forEach(one -> others.forEach(other -> story.cutPath(one, other)));
  }

  private void join(List<Integer> some, List<Integer> others) {
    some.forEach(one -> others.forEach(other -> story.mendPath(one, other)));
  }

  @Test
  @Check("butterfly-66")
  void updateElectionsAndElectionsOfAGroupDoNotInfluenceEachOther() {
    original(1);
    ours(2);
    ours(3);
    allRunServices();
    within(10, () -> allFollow(3));
    Optional<Election> elected = election(ring.get(1));

    ring.get(2).does(new Input.StandForUpdateElection(GROUP, 0));
    ring.get(1).does(new Input.StandForUpdateElection(GROUP, -1));
    ring.get(0).does(new Input.StandForUpdateElection(GROUP, -1));

    within(20, () -> ring.stream().allMatch(member -> updatesLedBy(member, 2)));
    assertThat(ring).allMatch(member -> election(member).equals(elected));

    ring.get(0).does(new Input.RestartElection(GROUP));
    within(20, () -> ring.stream().allMatch(member -> election(member).orElseThrow().term() == 1));
    assertThat(ring).allMatch(member -> updatesLedBy(member, 2));
  }

  private static boolean updatesLedBy(TestMember member, int leader) {
    return member.state().updateElections().stream()
        .anyMatch(
            election ->
                election.status() == ElectionStatus.FINISHED
                    && election.candidate().equals(Given.id(leader)));
  }

  @Test
  void anOperatorsNewElectionKeepsTheLeaderOfBefore() {
    threeWithLeader3();

    ring.get(1).does(new Input.RestartElection(GROUP));

    within(
        20,
        () -> allFollow(3) && ring.stream().allMatch(m -> election(m).orElseThrow().term() == 1));
  }

  @Test
  void aLeaderOfOursHandsOverToAnOriginalAndFollows() {
    original(1);
    original(2);
    ours(3);
    allRunServices();
    within(10, () -> allFollow(3));

    ring.get(2).does(new Input.StepDown(GROUP));

    within(10, () -> allFollow(2));
    assertThat(election(ring.get(2)).orElseThrow().term()).isEqualTo(1);
  }

  @Test
  void aLeaderHandsOverToTheMostSuitableFollower() {
    ours(1).does(new Input.SuitabilityKnown(GROUP, 0));
    ours(2);
    original(3);
    ours(4);
    allRunServices();
    within(10, () -> allFollow(4));
    ring.get(0).does(new Input.SuitabilityKnown(GROUP, 9));

    ring.get(3).does(new Input.StepDown(GROUP));

    within(10, () -> allFollow(1));
  }

  @Test
  void whoDoesNotLeadCannotHandOver() {
    threeWithLeader3();
    Optional<Election> before = election(ring.get(1));

    ring.get(1).does(new Input.StepDown(GROUP));

    assertThat(election(ring.get(1))).isEqualTo(before);
  }

  @Test
  void nobodyStandsInAGroupWhoseServiceItDidNotTellOf() {
    TestMember member = ours(1);

    member.does(new Input.StandForElection(GROUP));
    member.does(new Input.RestartElection(GROUP));
    member.does(new Input.StepDown(GROUP));

    assertThat(election(member)).isEmpty();
  }

  @Test
  void aListenerHearsOfEachStepOfAnElection() {
    threeWithLeader3();

    List<ElectionStatus> heard =
        ring.get(1).said(RumorStored.class).stream()
            .map(RumorStored::rumor)
            .filter(ElectionRumor.class::isInstance)
            .map(rumor -> ((ElectionRumor) rumor).election().status())
            .toList();
    assertThat(heard).startsWith(ElectionStatus.RUNNING).endsWith(ElectionStatus.FINISHED);
  }

  @Test
  void aServiceIsToldBeforeTheElectionThatItsOwnerWon() {
    threeWithLeader3();

    for (TestMember member : ring) {
      for (Output.Push push : member.said(Output.Push.class)) {
        List<Boolean> elections = push.rumors().stream().map(ElectionTest::isElection).toList();
        assertThat(elections.stream().sorted().toList()).isEqualTo(elections);
      }
    }
  }

  private static boolean isElection(Rumor rumor) {
    return rumor instanceof ElectionRumor || rumor instanceof ElectionUpdateRumor;
  }
}
