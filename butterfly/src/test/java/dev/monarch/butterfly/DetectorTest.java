package dev.monarch.butterfly;

import static dev.monarch.butterfly.Given.at;
import static dev.monarch.butterfly.Given.held;
import static dev.monarch.butterfly.Given.id;
import static dev.monarch.butterfly.Given.member;
import static dev.monarch.butterfly.Given.persistent;
import static dev.monarch.butterfly.Given.ping;
import static dev.monarch.butterfly.Given.rumor;
import static dev.monarch.butterfly.Given.sender;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.monarch.butterfly.TestMember.Sent;
import dev.monarch.checks.Check;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Health;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Swim.Ack;
import dev.monarch.wire.Swim.Ping;
import dev.monarch.wire.Swim.PingReq;
import dev.monarch.wire.Swim.ProbePing;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a silent member is found out, and a wronged one is not (butterfly.md 4.6 to 4.9, 5). */
class DetectorTest {
  private static final int TARGET = 2;

  private static long millis(long nanosLater, long nanos) {
    return Duration.ofNanos(nanosLater - nanos).toMillis();
  }

  private static List<Sent> of(Class<?> kind, List<Sent> sent) {
    return sent.stream().filter(each -> kind.isInstance(each.message())).toList();
  }

  /** A member that knows a silent target and extras 3 to 9. */
  private static TestMember amongOthers(Story story) {
    TestMember me = story.member(1).start();
    me.hears(rumor(held(TARGET, 4, Health.ALIVE)));
    for (int n = 3; n <= 9; n++) {
      story.extra(n);
      me.hears(n, ping(n));
    }
    return me;
  }

  @Check("butterfly-31")
  @Test
  void aSilentMemberIsPingedThenOthersAreAskedThenItIsSuspectThenConfirmed() {
    Story story = new Story();
    TestMember me = amongOthers(story);
    story.passes(Duration.ofMinutes(1));

    long pinged = of(Ping.class, me.sentTo(TARGET)).getFirst().atNanos();
    List<Sent> requests = of(PingReq.class, me.sent());
    List<Sent> first = requests.stream().limit(5).toList();
    assertThat(first)
        .allSatisfy(
            request -> {
              assertThat(millis(request.atNanos(), pinged)).isEqualTo(1000);
              assertThat(((PingReq) request.message()).target()).isEqualTo(member(TARGET, 4));
            });
    Set<Endpoint> asked = new HashSet<>(first.stream().map(Sent::to).toList());
    assertThat(asked).hasSize(5).doesNotContain(at(1), at(TARGET));
    assertThat(millis(me.cameToBelieve(TARGET, Health.SUSPECT), pinged)).isEqualTo(3100);
    assertThat(millis(me.cameToBelieve(TARGET, Health.CONFIRMED), pinged)).isEqualTo(12_400);
    assertThat(me.recordOf(TARGET).incarnation()).isEqualTo(4);
    // A pass of eight takes 24.8 s, so that the suspect is not asked after a second time.
    assertThat(requests).hasSize(5);
    assertThat(me.said(Output.ProbeEnded.class))
        .contains(
            new Output.ProbeEnded(
                id(TARGET), Output.ProbeStage.PING, false, Duration.ofSeconds(1).toNanos()),
            new Output.ProbeEnded(
                id(TARGET), Output.ProbeStage.PINGREQ, false, Duration.ofMillis(2100).toNanos()));
  }

  @Test
  void onlyTheAliveAreAskedToPing() {
    Story story = new Story();
    TestMember me = story.member(1).start();
    me.hears(rumor(held(TARGET, 0, Health.ALIVE)));
    me.hears(rumor(held(3, 0, Health.CONFIRMED)));
    me.hears(rumor(held(4, 0, Health.DEPARTED)));

    story.passes(Duration.ofMinutes(1));

    assertThat(of(PingReq.class, me.sent())).isEmpty();
    assertThat(me.healthOf(TARGET)).isEqualTo(Health.CONFIRMED);
  }

  @Test
  void anAnswerThroughOthersKeepsAMemberAlive() {
    Story story = new Story();
    TestMember me = story.member(1).start();
    TestMember proxy = story.member(3).start();
    me.hears(3, ping(3));
    me.hears(rumor(held(TARGET, 0, Health.ALIVE)));
    story.extra(TARGET);
    proxy.hears(rumor(held(TARGET, 0, Health.ALIVE)));
    story.cutPath(1, TARGET);

    story.passes(Duration.ofMinutes(1));

    assertThat(me.healthOf(TARGET)).isEqualTo(Health.ALIVE);
    assertThat(of(PingReq.class, me.sentTo(3))).isNotEmpty();
    assertThat(me.said(Output.MemberChanged.class))
        .extracting(Output.MemberChanged::to)
        .containsOnly(Health.ALIVE);
  }

  @Test
  void aMemberThatAnswersIsNeverSuspected() {
    Story story = new Story();
    TestMember me = story.member(1).start();
    story.extra(TARGET);
    me.hears(TARGET, ping(TARGET));

    story.passes(Duration.ofHours(1));

    assertThat(me.said(Output.MemberChanged.class)).hasSize(1);
    assertThat(of(Ping.class, me.sentTo(TARGET)))
        .as("one probe each 3.1 s, and the greeting")
        .hasSizeBetween(1160, 1164);
  }

  @Test
  void aFrozenMemberListensBeforeItSuspects() {
    Story story = new Story();
    TestMember me = story.member(1).start();
    story.extra(TARGET);
    me.hears(TARGET, ping(TARGET));
    while (of(Ping.class, me.sentTo(TARGET)).size() < 2) {
      story.passes(Duration.ofMillis(100));
    }
    story.passes(Duration.ofMillis(10));
    me.listenFromHere();

    for (int i = 0; i < 20; i++) {
      story.skip(Duration.ofMinutes(5));
      story.passes(Duration.ofSeconds(5));
    }

    assertThat(me.said(Output.MemberChanged.class)).isEmpty();
  }

  @Check("butterfly-32")
  @Test
  void aConfirmedMemberThatIsNotPermanentHearsNothingMore() {
    Story story = new Story();
    TestMember me = amongOthers(story);
    story.passes(Duration.ofMinutes(1));
    assertThat(me.healthOf(TARGET)).isEqualTo(Health.CONFIRMED);
    me.listenFromHere();

    story.passes(Duration.ofDays(1));

    assertThat(me.sentTo(TARGET)).isEmpty();
    assertThat(me.pushedTo(TARGET)).isEmpty();
  }

  @Check("butterfly-33")
  @ParameterizedTest
  @EnumSource
  void aPermanentMemberIsPingedInEveryHealth(Health health) {
    Story story = new Story();
    TestMember me = story.member(1).start();
    me.hears(rumor(new Membership(persistent(member(TARGET, 0)), health)));

    story.passes(Duration.ofSeconds(5));
    assertThat(of(Ping.class, me.sentTo(TARGET))).isNotEmpty();

    me.listenFromHere();
    story.passes(Duration.ofDays(4));
    assertThat(me.healthOf(TARGET)).isEqualTo(Health.DEPARTED);
    me.listenFromHere();
    story.passes(Duration.ofSeconds(10));
    assertThat(of(Ping.class, me.sentTo(TARGET))).hasSizeBetween(3, 4);
  }

  @Check("butterfly-34")
  @Test
  void whoWasConfirmedRaisesItsIncarnationWhenItReturnsAndAllHoldItAlive() {
    Story story = new Story();
    TestMember first = story.member(1).start();
    TestMember second = story.member(2).peers(1).start();
    TestMember lost = story.member(3).peers(1).start();
    story.passes(Duration.ofSeconds(20));
    assertThat(second.healthOf(3)).isEqualTo(Health.ALIVE);
    story.cutOff(3);
    story.passes(Duration.ofMinutes(1));
    assertThat(first.healthOf(3)).isEqualTo(Health.CONFIRMED);
    assertThat(second.healthOf(3)).isEqualTo(Health.CONFIRMED);

    story.heal(3);
    story.passes(Duration.ofSeconds(10));

    assertThat(lost.incarnation()).isPositive();
    assertThat(lost.said(Output.StoreIncarnation.class)).isNotEmpty();
    for (TestMember witness : List.of(first, second)) {
      assertThat(witness.held(3)).contains(held(3, lost.incarnation(), Health.ALIVE));
    }
    assertThat(lost.healthOf(1)).isEqualTo(Health.ALIVE);
    assertThat(lost.healthOf(2)).isEqualTo(Health.ALIVE);
  }

  @Check("butterfly-40")
  @Test
  void whoIsConfirmedOnHearsayIsAskedItselfFirst() {
    Story story = new Story();
    TestMember me = story.member(1).start();
    me.hears(rumor(held(TARGET, 3, Health.ALIVE)));
    me.listenFromHere();

    Membership hearsay =
        new Membership(member(TARGET, 4).withAddress("10.0.7.7"), Health.CONFIRMED);
    me.hears(9, ping(9, 0, hearsay));

    assertThat(me.held(TARGET)).contains(held(TARGET, 3, Health.ALIVE));
    assertThat(of(ProbePing.class, me.sent()))
        .extracting(Sent::to, Sent::message)
        .containsExactly(
            tuple(
                new Endpoint("10.0.7.7", Given.PORT),
                new ProbePing(sender(1, 0).withProbePing(true))));
    long asked = story.now();
    story.passes(Duration.ofSeconds(2));
    assertThat(millis(me.cameToBelieve(TARGET, Health.CONFIRMED), asked)).isEqualTo(1000);
    assertThat(me.held(TARGET)).contains(hearsay);
  }

  @Test
  void whoAnswersTheProbePingStaysAlive() {
    Story story = new Story();
    TestMember me = story.member(1).start();
    story.extra(TARGET);
    me.hears(TARGET, ping(TARGET));

    me.hears(rumor(held(TARGET, 0, Health.CONFIRMED)));
    story.passes(Duration.ofSeconds(2));

    assertThat(me.held(TARGET)).contains(held(TARGET, 1, Health.ALIVE));
    assertThat(me.said(Output.MemberChanged.class))
        .extracting(Output.MemberChanged::to)
        .containsOnly(Health.ALIVE);
  }

  @Test
  void whoIsWrongedInAWholeRingClearsItselfEverywhere() {
    Story story = new Story();
    TestMember first = story.member(1).start();
    TestMember second = story.member(2).peers(1).start();
    TestMember wronged = story.member(3).peers(1).start();
    story.passes(Duration.ofSeconds(20));

    first.hears(rumor(held(3, 0, Health.CONFIRMED)));
    second.hears(rumor(held(3, 0, Health.DEPARTED)));
    story.passes(Duration.ofSeconds(20));

    assertThat(first.held(3)).contains(held(3, wronged.incarnation(), Health.ALIVE));
    assertThat(second.held(3)).contains(held(3, wronged.incarnation(), Health.ALIVE));
  }

  @Test
  void aPingWithForwardToIsNoReasonToBelieveInTheOrigin() {
    TestMember me = Story.ofOne();

    me.hears(3, new Ping(sender(3, 0), Optional.of(member(4, 0)), List.of()));

    assertThat(me.held(4)).isEmpty();
    assertThat(of(Ack.class, me.sentTo(3))).hasSize(1);
  }
}
