package dev.monarch.butterfly;

import static dev.monarch.butterfly.Given.departure;
import static dev.monarch.butterfly.Given.held;
import static dev.monarch.butterfly.Given.member;
import static dev.monarch.butterfly.Given.ping;
import static dev.monarch.butterfly.Given.probePing;
import static dev.monarch.butterfly.Given.rumor;
import static dev.monarch.butterfly.Given.sender;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.TestMember.Sent;
import dev.monarch.checks.Check;
import dev.monarch.wire.Health;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Swim.Ack;
import dev.monarch.wire.Swim.Ping;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a member goes, and whether it may come back (butterfly.md 4.10). */
class LeavingTest {
  /** Three members that know each other. */
  private static List<TestMember> ring(Story story) {
    TestMember first = story.member(1).start();
    TestMember second = story.member(2).peers(1).start();
    TestMember third = story.member(3).peers(1).start();
    story.passes(Duration.ofSeconds(30));
    return List.of(first, second, third);
  }

  @Check("butterfly-42")
  @Test
  void whoLeavesGracefullyIsDepartedForAllAndAliveAgainWhenItReturns() {
    Story story = new Story();
    List<TestMember> ring = ring(story);
    TestMember leaver = ring.get(2);
    leaver.does(new Input.Leave());
    story.passes(Duration.ofMillis(1));
    assertThat(ring.get(0).healthOf(3)).isEqualTo(Health.DEPARTED);
    assertThat(ring.get(1).healthOf(3)).isEqualTo(Health.DEPARTED);
    story.passes(Duration.ofSeconds(30));
    assertThat(ring.get(0).healthOf(3)).isEqualTo(Health.DEPARTED);
    story.kill(leaver);

    story.member(3).incarnation(leaver.incarnation()).restored(leaver.state()).peers(1).start();
    story.passes(Duration.ofSeconds(10));

    assertThat(ring.get(0).healthOf(3)).isEqualTo(Health.ALIVE);
    assertThat(ring.get(1).healthOf(3)).isEqualTo(Health.ALIVE);
  }

  @Test
  void aLeaverSaysGoodbyeToTenAtMost() {
    TestMember me = Story.ofOne();
    for (int n = 2; n <= 40; n++) {
      me.hears(n, ping(n));
    }
    me.listenFromHere();

    List<Output> outputs = me.does(new Input.Leave());

    assertThat(outputs.getFirst()).isEqualTo(new Output.StoreIncarnation(1));
    assertThat(me.sent())
        .hasSize(10)
        .allSatisfy(
            sent -> {
              assertThat(sent.message()).isInstanceOf(Ack.class);
              assertThat(((Ack) sent.message()).forwardTo()).isEmpty();
              assertThat(sent.message().from()).isEqualTo(sender(1, 1).withDeparted(true));
            });
    assertThat(new HashSet<>(me.sent().stream().map(Sent::to).toList())).hasSize(10);
    assertThat(me.does(new Input.Leave())).isEmpty();
  }

  @Test
  void aLeaverAnswersAsDepartedAndAsksNobody() {
    Story story = new Story();
    TestMember me = story.member(1).peers(8).start();
    story.extra(2);
    me.hears(2, ping(2));
    me.does(new Input.Leave());
    me.listenFromHere();

    story.passes(Duration.ofMinutes(5));
    assertThat(me.sent()).isEmpty();

    me.hears(2, ping(2));
    assertThat(me.sentTo(2).getFirst().message().from()).isEqualTo(sender(1, 1).withDeparted(true));
  }

  @Test
  void aLeaverDoesNotRefuteThatItDeparted() {
    Story story = new Story();
    TestMember me = story.member(1).knowingItsAddress().start();
    me.hears(2, ping(2, 0, held(1, 0, Health.ALIVE)));
    me.does(new Input.Leave());

    me.hears(2, ping(2, 0, held(1, 1, Health.DEPARTED)));

    assertThat(me.incarnation()).isEqualTo(1);
    assertThat(me.healthOf(1)).isEqualTo(Health.DEPARTED);
  }

  @Test
  void aLeaverThatIsProbedStaysDeparted() {
    Story story = new Story();
    TestMember me = story.member(1).knowingItsAddress().start();
    me.hears(2, ping(2, 0, held(1, 0, Health.ALIVE)));
    me.does(new Input.Leave());

    me.hears(2, probePing(2));

    assertThat(me.held(1))
        .contains(new Membership(member(1, 2).withDeparted(true), Health.DEPARTED));
  }

  @Check("butterfly-49")
  @Test
  void aMemberMadeToDepartIsDepartedForAllAndStops() {
    Story story = new Story();
    List<TestMember> ring = ring(story);

    ring.get(0).does(new Input.Depart(Given.id(3)));
    story.passes(Duration.ofSeconds(2));

    assertThat(ring.get(0).healthOf(3)).isEqualTo(Health.DEPARTED);
    assertThat(ring.get(2).said(Output.DepartureOrdered.class)).hasSize(1);
    ring.get(2).does(new Input.Leave());
    story.kill(ring.get(2));
    story.passes(Duration.ofMinutes(10));
    for (TestMember other : ring.subList(0, 2)) {
      assertThat(other.healthOf(3)).isEqualTo(Health.DEPARTED);
      assertThat(other.state().departures()).containsExactly(departure(3));
      assertThat(other.said(Output.DepartureOrdered.class)).isEmpty();
    }
  }

  @Check("butterfly-50")
  @Test
  void whoWasMadeToDepartIsToldSoAtEveryStart() {
    Story story = new Story();
    List<TestMember> ring = ring(story);
    TestMember me = ring.get(0);

    me.hears(departure(1));
    assertThat(me.said(Output.DepartureOrdered.class)).hasSize(1);
    me.hears(departure(1));
    assertThat(me.said(Output.DepartureOrdered.class)).hasSize(1);

    me.does(new Input.Leave());
    story.passes(Duration.ofSeconds(3));
    story.kill(me);
    TestMember again = story.member(1).incarnation(1).restored(me.state()).start();
    assertThat(again.said(Output.DepartureOrdered.class)).hasSize(1);
    story.kill(again);
    story.passes(Duration.ofMinutes(1));
    assertThat(ring.get(1).healthOf(1)).isEqualTo(Health.DEPARTED);
    assertThat(ring.get(1).healthOf(3)).isEqualTo(Health.ALIVE);
    assertThat(ring.get(2).healthOf(2)).isEqualTo(Health.ALIVE);
  }

  @Check("butterfly-51")
  @Test
  void aDepartedMemberThatPingsAgainIsToldItsDeparture() {
    Story story = new Story();
    TestMember me = story.member(1).start();
    me.hears(2, ping(2));
    me.hears(departure(2));
    story.passes(Duration.ofMinutes(1));
    assertThat(me.healthOf(2)).isEqualTo(Health.DEPARTED);
    assertThat(me.pushedTo(2)).noneMatch(push -> push.rumors().contains(departure(2)));
    me.listenFromHere();

    me.hears(2, ping(2));
    story.passes(Duration.ofSeconds(2));

    assertThat(me.timesPushed(departure(2), 2)).isPositive();
  }

  @Test
  void aDepartureIsAppliedEachTimeItIsHeard() {
    TestMember me = Story.ofOne();
    me.hears(departure(2));
    assertThat(me.held(2)).isEmpty();
    me.hears(2, ping(2));
    assertThat(me.healthOf(2)).isEqualTo(Health.ALIVE);

    me.hears(departure(2));

    assertThat(me.healthOf(2)).isEqualTo(Health.DEPARTED);
    assertThat(me.state().departures()).hasSize(1);
  }

  @Test
  void hearsayThatOneDepartedIsNoOrder() {
    TestMember me = Story.ofOne();

    me.hears(rumor(held(1, 0, Health.DEPARTED)));

    assertThat(me.said(Output.DepartureOrdered.class)).isEmpty();
    assertThat(me.sent()).noneMatch(sent -> sent.message() instanceof Ping);
  }
}
