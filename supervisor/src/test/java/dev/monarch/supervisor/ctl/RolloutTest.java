package dev.monarch.supervisor.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.census.CensusGroup;
import dev.monarch.butterfly.census.CensusKeeper;
import dev.monarch.wire.AppliedConfiguration;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.SysInfo;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RolloutTest {
  private static final ServiceGroup WEB = new ServiceGroup("web.default");
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final CensusKeeper ring = new CensusKeeper("a");
  private final Rollout rollout = new Rollout(WEB, 7);
  private long incarnation;

  private void member(String id, Health health) {
    ring.learn(new Membership(Member.of(id, ++incarnation, "192.0.2.9", 9638), health));
  }

  private void says(String id, Optional<AppliedConfiguration> outcome) {
    ring.learn(
        new ServiceRumor(
            id,
            id,
            WEB,
            ++incarnation,
            false,
            "acme/web/1/2",
            Bytes.EMPTY,
            new SysInfo("10.0.0.1", "host-" + id, "", 1, "", 9631, "", 9632),
            0,
            outcome));
  }

  private void says(String id, AppliedConfiguration outcome) {
    says(id, Optional.of(outcome));
  }

  private void live(String id, Optional<AppliedConfiguration> outcome) {
    member(id, Health.ALIVE);
    says(id, outcome);
  }

  private void live(String id, AppliedConfiguration outcome) {
    live(id, Optional.of(outcome));
  }

  private List<String> look() {
    Optional<CensusGroup> group = ring.find(WEB.text());
    return rollout.look(group).stream().map(ConsoleLine::line).toList();
  }

  private List<String> rest() {
    return rollout.rest().stream().map(ConsoleLine::line).toList();
  }

  private ControlReply.Last verdict() {
    return rollout.verdict(LIMIT);
  }

  @Test
  void eachMemberIsToldOfOnceAndAllThatAppliedAreASuccess() {
    live("a", AppliedConfiguration.NONE);
    live("b", AppliedConfiguration.applied(6));
    assertThat(look()).isEmpty();
    assertThat(rollout.isSettled()).isFalse();

    says("b", AppliedConfiguration.applied(7));
    assertThat(look()).containsExactly("host-b (b): applied version 7\n");
    assertThat(rollout.isSettled()).isFalse();

    says("a", AppliedConfiguration.applied(7));
    assertThat(look()).containsExactly("host-a (a): applied version 7\n");
    assertThat(rollout.isSettled()).isTrue();
    assertThat(rest()).isEmpty();
    assertThat(verdict()).isEqualTo(new NetOk());
  }

  @Test
  void aNewerVersionIsAsGood() {
    live("a", AppliedConfiguration.applied(9));
    assertThat(look()).containsExactly("host-a (a): applied version 9\n");
    assertThat(verdict()).isEqualTo(new NetOk());
  }

  @Test
  void aRejectionIsAFailureWithItsReason() {
    live("a", AppliedConfiguration.rejected(7, "no TOML"));
    assertThat(look()).containsExactly("host-a (a): rejected version 7: no TOML\n");
    assertThat(rollout.isSettled()).isTrue();
    assertThat(verdict())
        .isEqualTo(
            new NetErr(
                ErrorCode.INTERNAL,
                "expected all members of web.default to apply version 7, 1 rejected it; look at"
                    + " the Supervisors there"));
  }

  @Test
  void whoRejectedItAndAppliesItAfterAllIsToldOfAgain() {
    live("a", AppliedConfiguration.rejected(7, "a key is missing"));
    live("b", AppliedConfiguration.NONE);
    assertThat(look()).containsExactly("host-a (a): rejected version 7: a key is missing\n");
    says("a", AppliedConfiguration.rejected(7, "another key is missing"));
    assertThat(look()).isEmpty();

    says("a", AppliedConfiguration.applied(7));
    assertThat(look()).containsExactly("host-a (a): applied version 7\n");
    says("a", AppliedConfiguration.rejected(8, "no TOML"));
    says("b", AppliedConfiguration.applied(7));
    assertThat(look()).containsExactly("host-b (b): applied version 7\n");
    assertThat(verdict()).isEqualTo(new NetOk());
  }

  @Test
  void whoIsSilentForTooLongIsAFailureWithWhatItToldLast() {
    live("a", AppliedConfiguration.applied(6));
    live("b", AppliedConfiguration.NONE);
    look();
    assertThat(rest())
        .containsExactly(
            "host-a (a): timed out, last told of version 6\n",
            "host-b (b): timed out, without any configuration yet\n");
    assertThat(verdict())
        .isInstanceOfSatisfying(
            NetErr.class,
            error -> assertThat(error.message()).contains("2 did not tell within 30 s"));
  }

  @Test
  void anOriginalIsNotWaitedForAndNamed() {
    live("a", AppliedConfiguration.applied(7));
    live("b", Optional.empty());
    assertThat(look()).hasSize(1);
    assertThat(rollout.isSettled()).isTrue();
    assertThat(rest()).containsExactly("host-b (b): does not tell, as an original Supervisor\n");
    assertThat(verdict()).isEqualTo(new NetOk());
  }

  @Test
  void whoIsHeardThroughAnOriginalAloneDoesNotTellUntilItIsHeardItself() {
    live("a", AppliedConfiguration.applied(7));
    live("b", Optional.empty());
    look();
    assertThat(rest()).containsExactly("host-b (b): does not tell, as an original Supervisor\n");

    says("b", AppliedConfiguration.applied(7));
    assertThat(look()).containsExactly("host-b (b): applied version 7\n");
    assertThat(rest()).isEmpty();
  }

  @Test
  void aServiceThatIsDownIsNotWaitedForAndNamed() {
    live("a", AppliedConfiguration.applied(7));
    live("b", AppliedConfiguration.down(6));
    live("c", AppliedConfiguration.NONE);
    look();
    assertThat(rollout.isSettled()).isFalse();
    says("c", AppliedConfiguration.down(0));
    look();
    assertThat(rollout.isSettled()).isTrue();
    assertThat(rest())
        .containsExactly(
            "host-b (b): down, and will apply it when it starts\n",
            "host-c (c): down, and will apply it when it starts\n");
    assertThat(verdict()).isEqualTo(new NetOk());
  }

  @Test
  void whoToldOnceIsAwaitedAlsoIfAnOriginalKeptTheNextRumorShort() {
    live("a", AppliedConfiguration.NONE);
    look();
    says("a", Optional.empty());
    assertThat(look()).isEmpty();
    assertThat(rollout.isSettled()).isFalse();
  }

  @Test
  void theDeadAreNotWaitedForAndWhoJoinsIs() {
    live("a", AppliedConfiguration.applied(7));
    live("b", AppliedConfiguration.NONE);
    look();
    member("b", Health.CONFIRMED);
    assertThat(look()).isEmpty();
    assertThat(rollout.isSettled()).isTrue();

    live("c", AppliedConfiguration.NONE);
    assertThat(look()).isEmpty();
    assertThat(rollout.isSettled()).isFalse();
    member("c", Health.SUSPECT);
    assertThat(look()).isEmpty();
    assertThat(rollout.isSettled()).isFalse();
  }

  @Test
  void aGroupThatNobodyRunsIsNoFailure() {
    assertThat(look()).isEmpty();
    assertThat(rollout.isSettled()).isTrue();
    assertThat(rest()).containsExactly("no member runs web.default now; who joins will apply it\n");
    assertThat(verdict()).isEqualTo(new NetOk());
  }

  @Test
  void namesFromTheRingDoNoHarmToATerminal() {
    member("a", Health.ALIVE);
    ring.learn(
        new ServiceRumor(
            "a",
            "a",
            WEB,
            1,
            false,
            "acme/web/1/2",
            Bytes.EMPTY,
            new SysInfo("10.0.0.1", "evil\u001b[2J\n" + "x".repeat(1000), "", 1, "", 1, "", 1),
            0,
            Optional.of(AppliedConfiguration.applied(7))));
    assertThat(look())
        .singleElement()
        .asString()
        .startsWith("evil [2J xxx")
        .hasSizeLessThan(200)
        .doesNotContain("\u001b");
  }
}
