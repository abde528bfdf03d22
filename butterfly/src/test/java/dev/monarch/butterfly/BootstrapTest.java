package dev.monarch.butterfly;

import static dev.monarch.butterfly.Given.at;
import static dev.monarch.butterfly.Given.held;
import static dev.monarch.butterfly.Given.ping;
import static dev.monarch.butterfly.Given.rumor;
import static dev.monarch.butterfly.Given.sender;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.wire.Health;
import dev.monarch.wire.Swim.Ping;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Getting into a ring, and back into it (butterfly.md 4.11, 13 W13). */
class BootstrapTest {
  @Test
  void initialPeersArePingedAtOnceAndEachPeriodUntilTheRingIsJoined() {
    Story story = new Story();
    TestMember me = story.member(1).peers(2, 3).start();
    assertThat(me.sentTo(2)).hasSize(1);
    assertThat(me.sentTo(3).getFirst().message())
        .isEqualTo(new Ping(sender(1, 0), Optional.empty(), List.of()));

    story.passes(Duration.ofMillis(3100 * 3));

    assertThat(me.sentTo(2)).hasSize(4);
    assertThat(me.sentTo(3)).hasSize(4);
  }

  @Test
  void moreThanHalfOfThePeersAreEnough() {
    Story story = new Story();
    TestMember me = story.member(1).peers(2, 3, 4, 5).start();
    story.extra(2);
    story.extra(3);
    story.passes(Duration.ofSeconds(10));
    assertThat(me.sentTo(5)).as("two of four are no majority").hasSize(4);

    story.extra(9);
    me.hears(9, ping(9));
    story.passes(Duration.ofSeconds(4));
    me.listenFromHere();
    story.passes(Duration.ofMinutes(1));

    assertThat(me.sentTo(5)).isEmpty();
  }

  @Test
  void thePeersAreCalledAgainWhenEverybodyIsLost() {
    Story story = new Story();
    TestMember me = story.member(1).peers(2, 3).start();
    story.extra(2);
    story.extra(3);
    story.passes(Duration.ofSeconds(10));
    assertThat(me.view().joined()).isTrue();

    story.silence(2);
    story.silence(3);
    story.passes(Duration.ofMinutes(1));
    assertThat(me.view().joined()).isFalse();
    assertThat(me.healthOf(2)).isEqualTo(Health.CONFIRMED);
    me.listenFromHere();
    story.passes(Duration.ofSeconds(31));
    assertThat(me.sentTo(2)).hasSize(10);

    story.extra(2);
    story.passes(Duration.ofSeconds(4));
    assertThat(me.healthOf(2)).isEqualTo(Health.ALIVE);
  }

  @Test
  void newPeersReplaceTheOldOnes() {
    Story story = new Story();
    TestMember me = story.member(1).peers(2).start();
    me.does(new Input.PeersKnown(List.of(at(3))));
    me.listenFromHere();

    story.passes(Duration.ofSeconds(10));
    assertThat(me.sentTo(2)).isEmpty();
    assertThat(me.sentTo(3)).hasSize(3);

    me.does(new Input.PeersKnown(List.of()));
    me.listenFromHere();
    story.passes(Duration.ofSeconds(10));
    assertThat(me.sent()).isEmpty();
  }

  @Test
  void thoseOnlyHeardOfAreNoCompany() {
    Story story = new Story();
    TestMember me = story.member(1).peers(2).start();
    me.hears(rumor(held(7, 0, Health.ALIVE)));
    me.hears(rumor(held(8, 0, Health.ALIVE)));

    story.passes(Duration.ofSeconds(10));

    assertThat(me.view().joined()).isFalse();
    assertThat(me.sentTo(2)).hasSize(4);
  }

  @Check("butterfly-72")
  @Test
  void aStaleRumorFileDoesNotKeepAMemberFromJoiningThroughNewPeers() {
    Story story = new Story();
    TestMember old = story.member(1).start();
    for (int n = 10; n < 20; n++) {
      old.hears(n, ping(n));
    }
    RingState stale = old.state();
    story.kill(old);
    TestMember peer = story.member(2).start();

    TestMember me = story.member(1).restored(stale).peers(2).start();
    story.passes(Duration.ofSeconds(4));

    assertThat(me.healthOf(2)).isEqualTo(Health.ALIVE);
    assertThat(peer.healthOf(1)).isEqualTo(Health.ALIVE);
  }

  @Test
  void whatWasKnownBeforeARestartIsKnownAndHot() {
    Story story = new Story();
    TestMember old = story.member(1).start();
    old.hears(2, ping(2, 6));
    old.hears(Given.service(2, "redis.default", 3));
    old.hears(Given.departure(4));
    RingState kept = old.state();
    story.kill(old);

    TestMember me = story.member(1).restored(kept).start();
    assertThat(me.state()).isEqualTo(kept);
    me.hears(2, ping(2, 6));
    story.passes(Duration.ofSeconds(3));

    assertThat(me.timesPushed(Given.service(2, "redis.default", 3), 2)).isEqualTo(2);
    assertThat(me.timesPushed(Given.departure(4), 2)).isEqualTo(2);
  }

  @Test
  void twoMembersThatKnowEachOtherAsPeersMeet() {
    Story story = new Story();
    TestMember first = story.member(1).peers(2).start();
    TestMember second = story.member(2).peers(1).start();

    story.passes(Duration.ofSeconds(4));

    assertThat(first.healthOf(2)).isEqualTo(Health.ALIVE);
    assertThat(second.healthOf(1)).isEqualTo(Health.ALIVE);
  }
}
