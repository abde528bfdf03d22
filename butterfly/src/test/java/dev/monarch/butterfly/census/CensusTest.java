package dev.monarch.butterfly.census;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.RingState;
import dev.monarch.butterfly.View;
import dev.monarch.butterfly.census.CensusMember.Role;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.RumorKind;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.SysInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CensusTest {
  private static final ServiceGroup WEB = new ServiceGroup("web.default");

  private final List<Membership> members = new ArrayList<>();
  private final List<ServiceRumor> services = new ArrayList<>();
  private final List<ServiceConfigRumor> configs = new ArrayList<>();
  private final List<ServiceFileRumor> files = new ArrayList<>();
  private final List<Election> elections = new ArrayList<>();
  private final SortedMap<String, String> lastLeaders = new TreeMap<>();

  private Census census() {
    RingState state =
        new RingState(members, services, configs, files, elections, List.of(), List.of());
    return Census.of(
        new View(
            Member.of("self", 0, "192.0.2.1", 9638),
            state,
            Map.of(RumorKind.SERVICE, 7L),
            Map.of(),
            Collections.emptySortedMap(),
            lastLeaders,
            Collections.emptySortedMap(),
            false));
  }

  private CensusGroup web() {
    return Optional.ofNullable(census().groups().get("web.default")).orElseThrow();
  }

  private CensusMember member(String id) {
    return Optional.ofNullable(web().population().get(id)).orElseThrow();
  }

  private void service(String memberId, long pkgIncarnation) {
    services.add(
        new ServiceRumor(
            memberId,
            memberId,
            WEB,
            1,
            false,
            "acme/web/1/2",
            Bytes.EMPTY,
            new SysInfo("10.0.0.1", "host", "0.0.0.0", 1, "0.0.0.0", 9631, "127.0.0.1", 9632),
            pkgIncarnation));
  }

  private void known(String memberId, Health health) {
    members.add(new Membership(Member.of(memberId, 0, "192.0.2.9", 1234), health));
  }

  private void election(ElectionStatus status) {
    elections.add(new Election("a", "web.default", 1, 0, status, List.of("a")));
  }

  @Test
  void nothingKnownIsAnEmptyCensus() {
    assertThat(census().groups()).isEmpty();
    assertThat(census().localMemberId()).isEqualTo("self");
    assertThat(census().counters()).containsEntry(RumorKind.SERVICE, 7L);
    assertThat(census().counters()).containsEntry(RumorKind.ELECTION, 0L);
  }

  @Test
  void aGroupsMembersStandInTheOrderOfTheirIds() {
    service("c", 0);
    service("a", 2);
    service("b", 1);
    assertThat(web().population().keySet()).containsExactly("a", "b", "c");
    assertThat(web().pkgIncarnation()).isEqualTo(2);
  }

  @Test
  void theGreatestPackageIncarnationIsUnsigned() {
    service("a", 5);
    service("b", -1);
    assertThat(web().pkgIncarnation()).isEqualTo(-1);
  }

  @Test
  void membershipTellsHealthAndTheRealGossipAddress() {
    service("a", 0);
    known("a", Health.SUSPECT);
    CensusMember a = member("a");
    assertThat(a.health()).contains(Health.SUSPECT);
    assertThat(a.listed()).isTrue();
    assertThat(a.isActive()).isTrue();
    assertThat(a.sys().gossipIp()).isEqualTo("192.0.2.9");
    assertThat(a.sys().gossipPort()).isEqualTo(1234);
    assertThat(a.sys().httpGatewayIp()).isEqualTo("0.0.0.0");
  }

  @Test
  void onlyAliveAndSuspectMembersAreActive() {
    for (Health health : Health.values()) {
      service(health.text(), 0);
      known(health.text(), health);
    }
    assertThat(census().active("web.default"))
        .extracting(CensusMember::memberId)
        .containsExactly("Alive", "Suspect");
    assertThat(census().active("no.group")).isEmpty();
  }

  @Test
  void itselfIsAliveWithoutBeingListed() {
    service("self", 0);
    service("stranger", 0);
    assertThat(member("self").health()).contains(Health.ALIVE);
    assertThat(member("self").listed()).isFalse();
    assertThat(member("stranger").health()).isEmpty();
  }

  @Test
  void aFileMakesAGroupAndConfigurationDoesNot() {
    configs.add(
        new ServiceConfigRumor("x", new ServiceGroup("db.a"), 1, false, Bytes.utf8("a = 1")));
    assertThat(census().groups()).isEmpty();
    files.add(
        new ServiceFileRumor("x", new ServiceGroup("db.a"), 1, false, "f", Bytes.utf8("body")));
    assertThat(census().groups()).containsOnlyKeys("db.a");
    CensusGroup db = Optional.ofNullable(census().groups().get("db.a")).orElseThrow();
    assertThat(db.config()).isPresent();
    assertThat(db.files()).containsOnlyKeys("f");
    assertThat(db.population()).isEmpty();
  }

  @Test
  void aFinishedElectionMakesALeaderAndFollowers() {
    service("a", 0);
    service("b", 0);
    election(ElectionStatus.FINISHED);
    assertThat(web().election()).isEqualTo(ElectionState.FINISHED);
    assertThat(web().leaderId()).contains("a");
    assertThat(member("a").role()).isEqualTo(Role.LEADER);
    assertThat(member("b").role()).isEqualTo(Role.FOLLOWER);
    assertThat(member("b").updateRole()).isEqualTo(Role.NONE);
  }

  @Test
  void anElectionUnderWayHasNoLeader() {
    service("a", 0);
    election(ElectionStatus.NO_QUORUM);
    assertThat(web().election()).isEqualTo(ElectionState.NO_QUORUM);
    assertThat(web().leaderId()).isEmpty();
    assertThat(member("a").role()).isEqualTo(Role.NONE);
  }

  @Test
  void whoLedLastLeadsWhileAnotherElectionRuns() {
    service("a", 0);
    service("b", 0);
    lastLeaders.put("web.default", "b");
    election(ElectionStatus.NO_QUORUM);
    assertThat(web().election()).isEqualTo(ElectionState.NO_QUORUM);
    assertThat(web().leaderId()).contains("b");
    assertThat(member("b").role()).isEqualTo(Role.LEADER);
    assertThat(member("a").role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  void whoLeadsIsNotWhoLedLast() {
    service("a", 0);
    service("b", 0);
    lastLeaders.put("web.default", "b");
    election(ElectionStatus.FINISHED);
    assertThat(web().leaderId()).contains("a");
  }

  @Test
  void aLeaderOutsideItsGroupIsNone() {
    service("b", 0);
    election(ElectionStatus.FINISHED);
    assertThat(web().election()).isEqualTo(ElectionState.IN_PROGRESS);
    assertThat(web().leaderId()).isEmpty();
    assertThat(member("b").role()).isEqualTo(Role.NONE);
  }

  @Test
  void anElectionOfAnUnknownGroupMakesNone() {
    election(ElectionStatus.FINISHED);
    assertThat(census().groups()).isEmpty();
  }
}
