package dev.monarch.butterfly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.census.Census;
import dev.monarch.butterfly.census.ElectionState;
import dev.monarch.butterfly.election.Explanation;
import dev.monarch.butterfly.election.Explanation.Situation;
import dev.monarch.wire.Health;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.ServiceGroup;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a member says of a group's leader. The member is number 9 and runs no service of it. */
class ExplanationTest {
  private static final ServiceGroup GROUP = new ServiceGroup("redis.default");

  private final Story story = new Story();
  private final TestMember member = story.member(9).start();

  private Explanation explanation() {
    return Explanation.of(member.view(), GROUP);
  }

  private void runsService(int number, Health health) {
    member.hears(Given.rumor(Given.held(number, 0, health)));
    member.hears(Given.service(number, GROUP.text(), 1));
  }

  private void elects(int candidate, long term, ElectionStatus status, int... votes) {
    List<String> voters = IntStream.of(votes).mapToObj(Given::id).toList();
    member.hears(
        new ElectionRumor(
            new Election(Given.id(candidate), GROUP.text(), term, 0, status, voters)));
  }

  @Test
  void itTellsWhoLeadsSinceWhenAndWhoVoted() {
    runsService(1, Health.ALIVE);
    runsService(2, Health.ALIVE);
    story.passes(Duration.ofMillis(500));
    elects(2, 3, ElectionStatus.RUNNING, 2);
    story.passes(Duration.ofMillis(500));
    elects(2, 3, ElectionStatus.FINISHED, 2, 1);
    long finished = story.now();
    story.passes(Duration.ofMillis(500));
    elects(2, 3, ElectionStatus.FINISHED, 1, 2);

    Explanation told = explanation();
    assertThat(told.leaderId()).contains(Given.id(2));
    assertThat(told.term()).hasValue(3);
    assertThat(told.sinceNanos()).hasValue(finished);
    assertThat(told.members()).allMatch(Explanation.Voter::voted);
    assertThat(told.text()).isEqualTo(Given.id(2) + " leads in term 3, 2 of 2 alive");
  }

  @Test
  void itNamesWhatAQuorumWaitsFor() {
    IntStream.rangeClosed(1, 5).forEach(n -> runsService(n, Health.ALIVE));
    member.hears(Given.rumor(Given.held(3, 1, Health.SUSPECT)));
    member.hears(Given.rumor(Given.held(4, 1, Health.SUSPECT)));
    story.passes(Settings.stock().suspicionTimeout());
    member.hears(Given.rumor(Given.held(1, 1, Health.ALIVE)));
    member.hears(Given.rumor(Given.held(2, 1, Health.ALIVE)));
    member.hears(Given.rumor(Given.held(3, 2, Health.SUSPECT)));
    member.hears(Given.rumor(Given.held(5, 1, Health.DEPARTED)));
    elects(2, 0, ElectionStatus.NO_QUORUM, 2);

    assertThat(explanation().situation())
        .isEqualTo(new Situation.WithoutQuorum(List.of(Given.id(3), Given.id(4))));
    assertThat(explanation().text())
        .isEqualTo("2 of 4 alive, 3 needed: waiting for 1 of " + Given.id(3) + ", " + Given.id(4));
  }

  @Test
  void itNamesTheVotesThatAreMissing() {
    runsService(1, Health.ALIVE);
    runsService(2, Health.ALIVE);
    elects(2, 0, ElectionStatus.RUNNING, 2);

    assertThat(explanation().text())
        .isEqualTo(Given.id(2) + " is the candidate and waits for the vote of " + Given.id(1));

    elects(2, 0, ElectionStatus.RUNNING, 2, 1);

    assertThat(explanation().situation()).isEqualTo(new Situation.Voting(Given.id(2), List.of()));
    assertThat(explanation().text())
        .isEqualTo(Given.id(2) + " is elected by all and waits to hear so from another member");
  }

  @Test
  void aLoneCandidateIsToldThatItIsAlone() {
    TestMember lone = story.member(1).start();
    lone.does(new Input.Publish(Given.service(1, GROUP.text(), 1)));
    lone.does(new Input.StandForElection(GROUP));

    assertThat(Explanation.of(lone.view(), GROUP).text())
        .isEqualTo("a member counts once another one has heard of it, and none has been heard of");
  }

  @Test
  void aGroupWhoseMembersHaveAllDepartedIsToldSo() {
    runsService(1, Health.ALIVE);
    elects(1, 0, ElectionStatus.NO_QUORUM, 1);
    member.hears(Given.rumor(Given.held(1, 1, Health.DEPARTED)));

    assertThat(explanation().text()).isEqualTo("all of its members have departed");
  }

  @Test
  void aLeaderThatIsOnlySuspectedLeads() {
    runsService(1, Health.ALIVE);
    runsService(2, Health.ALIVE);
    elects(2, 3, ElectionStatus.FINISHED, 2, 1);
    member.hears(Given.rumor(Given.held(2, 1, Health.SUSPECT)));

    assertThat(explanation().text()).isEqualTo(Given.id(2) + " leads in term 3, 1 of 2 alive");
  }

  @Test
  void aLeaderThatIsDeadDoesNotLead() {
    runsService(1, Health.ALIVE);
    runsService(2, Health.ALIVE);
    elects(2, 3, ElectionStatus.FINISHED, 2, 1);
    member.hears(Given.rumor(Given.held(2, 1, Health.DEPARTED)));

    assertThat(explanation().leaderId()).isEmpty();
    assertThat(explanation().situation())
        .isEqualTo(new Situation.Bereft(Given.id(2), Health.DEPARTED));
    assertThat(explanation().text())
        .isEqualTo(
            Given.id(2)
                + ", elected in term 3, has departed, and nobody has been elected since: 1 of 1"
                + " alive, 1 needed");
  }

  @Test
  void groupsWithoutElectionAreToldApart() {
    assertThat(explanation().situation()).isEqualTo(new Situation.Unknown());
    assertThat(explanation().text()).isEqualTo("nobody is known to run a service of redis.default");

    runsService(1, Health.ALIVE);

    assertThat(explanation().situation()).isEqualTo(new Situation.NotElecting());
    assertThat(explanation().text())
        .isEqualTo("nobody has stood for election: not of leader topology, or not started yet");
  }

  @Test
  void aLeaderThatNobodyKnowsIsNoLeader() {
    runsService(1, Health.ALIVE);
    elects(7, 0, ElectionStatus.FINISHED, 7);

    assertThat(explanation().situation()).isEqualTo(new Situation.UnknownLeader(Given.id(7)));
    assertThat(explanation().leaderId()).isEmpty();
    assertThat(Census.keeper(member.view()).find(GROUP.text()))
        .hasValueSatisfying(
            group -> assertThat(group.election()).isEqualTo(ElectionState.IN_PROGRESS));
  }
}
