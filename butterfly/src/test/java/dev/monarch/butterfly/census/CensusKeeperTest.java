package dev.monarch.butterfly.census;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.wire.AppliedConfiguration;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.SysInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CensusKeeperTest {
  private final CensusKeeper keeper = new CensusKeeper("self");

  private static ServiceRumor service(String memberId, String group, long incarnation) {
    return new ServiceRumor(
        memberId,
        memberId,
        new ServiceGroup(group),
        incarnation,
        false,
        "acme/web/1/2",
        Bytes.EMPTY,
        new SysInfo("10.0.0.1", "host", "0.0.0.0", 1, "0.0.0.0", 9631, "127.0.0.1", 9632),
        0);
  }

  private static Membership member(String id, long incarnation, Health health) {
    return new Membership(Member.of(id, incarnation, "192.0.2.9", 1234), health);
  }

  private static ElectionRumor election(String group, String leader) {
    return election(group, leader, 1, ElectionStatus.FINISHED);
  }

  private static ElectionRumor election(
      String group, String candidate, long term, ElectionStatus status) {
    return new ElectionRumor(new Election(candidate, group, term, 0, status, List.of(candidate)));
  }

  @Test
  void newsConcernsItsGroupOnce() {
    keeper.learn(service("a", "web.default", 1));
    assertThat(keeper.takeConcerned()).containsExactly("web.default");
    assertThat(keeper.takeConcerned()).isEmpty();
  }

  @Test
  void whatIsKnownOrOlderConcernsNobody() {
    keeper.learn(service("a", "web.default", 2));
    keeper.takeConcerned();
    keeper.learn(service("a", "web.default", 2));
    keeper.learn(service("a", "web.default", 1));
    assertThat(keeper.takeConcerned()).isEmpty();
  }

  @Test
  void aServiceHeardAgainWithWhatAnOriginalKeptBackIsNews() {
    var telling =
        service("a", "web.default", 2).withApplied(Optional.of(AppliedConfiguration.applied(7)));
    keeper.learn(service("a", "web.default", 2));
    keeper.takeConcerned();
    keeper.learn(telling);
    assertThat(keeper.takeConcerned()).containsExactly("web.default");
    keeper.learn(service("a", "web.default", 2));
    assertThat(keeper.takeConcerned()).isEmpty();
    assertThat(keeper.find("web.default").orElseThrow().population().values())
        .singleElement()
        .extracting(CensusMember::applied)
        .isEqualTo(Optional.of(AppliedConfiguration.applied(7)));
  }

  @Test
  void aMemberConcernsTheGroupsItServesAndNoOther() {
    keeper.learn(service("a", "web.default", 1));
    keeper.learn(service("a", "db.default", 1));
    keeper.learn(service("b", "cache.default", 1));
    keeper.takeConcerned();
    keeper.learn(member("a", 0, Health.SUSPECT));
    assertThat(keeper.takeConcerned()).containsExactly("db.default", "web.default");
  }

  @Test
  void aRefutedSuspicionThatNobodyKnewOfConcernsNobody() {
    keeper.learn(service("a", "web.default", 1));
    keeper.learn(member("a", 0, Health.ALIVE));
    keeper.takeConcerned();
    keeper.learn(member("a", 1, Health.ALIVE));
    assertThat(keeper.takeConcerned()).isEmpty();
  }

  @Test
  void aMemberKnownBeforeItsServiceCountsInIt() {
    keeper.learn(member("a", 0, Health.CONFIRMED));
    keeper.learn(service("a", "web.default", 1));
    assertThat(keeper.find("web.default").orElseThrow().active()).isEmpty();
    keeper.learn(member("a", 1, Health.ALIVE));
    assertThat(keeper.find("web.default").orElseThrow().active()).hasSize(1);
  }

  @Test
  void whoLedLastLeadsUntilAnotherElectionHasFinished() {
    keeper.learn(service("a", "web.default", 1));
    keeper.learn(service("b", "web.default", 1));
    keeper.learn(election("web.default", "a"));
    keeper.learn(election("web.default", "b", 2, ElectionStatus.RUNNING));
    CensusGroup running = keeper.find("web.default").orElseThrow();
    assertThat(running.election()).isEqualTo(ElectionState.IN_PROGRESS);
    assertThat(running.leaderId()).contains("a");
    assertThat(running.population().values())
        .extracting(CensusMember::role)
        .containsExactly(CensusMember.Role.LEADER, CensusMember.Role.FOLLOWER);

    keeper.learn(election("web.default", "b", 2, ElectionStatus.FINISHED));
    assertThat(keeper.find("web.default").orElseThrow().leaderId()).contains("b");
  }

  @Test
  void anElectionOfSomebodyWithoutAServiceCountsAsRunningUntilTheServiceIsHeard() {
    keeper.learn(service("b", "web.default", 1));
    keeper.learn(election("web.default", "a"));
    CensusGroup early = keeper.find("web.default").orElseThrow();
    assertThat(early.election()).isEqualTo(ElectionState.IN_PROGRESS);
    assertThat(early.leaderId()).isEmpty();

    keeper.learn(service("a", "web.default", 1));
    CensusGroup late = keeper.find("web.default").orElseThrow();
    assertThat(late.election()).isEqualTo(ElectionState.FINISHED);
    assertThat(late.leaderId()).contains("a");
  }

  @Test
  void anElectionHeardBeforeItsGroupExistsIsNotLost() {
    keeper.learn(election("web.default", "a"));
    assertThat(keeper.find("web.default")).isEmpty();
    keeper.learn(service("a", "web.default", 1));
    assertThat(keeper.find("web.default").flatMap(CensusGroup::leader)).isPresent();
  }

  @Test
  void aGroupThatNoNewsConcernedIsNotPutTogetherAgain() {
    keeper.learn(service("a", "web.default", 1));
    keeper.learn(service("a", "db.default", 1));
    CensusGroup before = keeper.find("db.default").orElseThrow();
    keeper.learn(service("b", "web.default", 1));
    assertThat(keeper.find("db.default")).containsSame(before);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theOrderOfNewsDoesNotMatter(long seed) {
    List<Object> news = new ArrayList<>();
    for (String id : List.of("a", "b", "self")) {
      news.add(service(id, "web.default", 1));
      news.add(service(id, "web.default", 7));
      news.add(member(id, 3, Health.SUSPECT));
    }
    news.add(new ServiceConfigRumor("x", new ServiceGroup("web.default"), 5, false, Bytes.EMPTY));
    news.add(new ServiceConfigRumor("x", new ServiceGroup("web.default"), 4, false, Bytes.EMPTY));
    news.add(new ServiceFileRumor("x", new ServiceGroup("db.a"), 1, false, "f", Bytes.EMPTY));
    news.add(election("web.default", "b"));

    var straight = census(news);
    Collections.shuffle(news, new Random(seed));

    assertThat(census(news)).as("seed %d", seed).isEqualTo(straight);
  }

  private static Census census(List<Object> news) {
    var keeper = new CensusKeeper("self");
    for (Object one : news) {
      switch (one) {
        case Membership membership -> keeper.learn(membership);
        case Rumor rumor -> keeper.learn(rumor);
        default -> throw new IllegalArgumentException(one.toString());
      }
    }
    return keeper.census(Map.of());
  }
}
