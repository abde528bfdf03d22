package dev.monarch.butterfly;

import static dev.monarch.butterfly.Given.held;
import static dev.monarch.butterfly.Given.ping;
import static dev.monarch.butterfly.Given.probePing;
import static dev.monarch.butterfly.Given.rumor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor.MemberRumor;
import dev.monarch.wire.Swim;
import dev.monarch.wire.Swim.Ack;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A member's own incarnation (butterfly.md 4.2, 4.5). */
class IncarnationTest {
  private static final int ME = 1;

  /** What it says of itself when it is pinged. */
  private static Member spoken(TestMember me) {
    List<Output> outputs = me.hears(2, ping(2));
    for (Output output : outputs) {
      if (output instanceof Output.Send(_, Swim message) && message instanceof Ack ack) {
        return ack.from();
      }
    }
    throw new AssertionError("expected an answer, found " + outputs);
  }

  @Check("butterfly-35")
  @ParameterizedTest
  @CsvSource({"4, 5", "5, 6", "6, 7", "1000, 1001"})
  void aSuspicionIsRefutedIfItIsNotOlder(long suspected, long after) {
    Story story = new Story();
    TestMember me = story.member(ME).incarnation(5).start();
    me.listenFromHere();

    me.hears(2, ping(2, 0, held(ME, suspected, Health.SUSPECT)));

    assertThat(me.incarnation()).isEqualTo(after);
    assertThat(spoken(me).incarnation()).isEqualTo(after);
    assertThat(me.said(Output.StoreIncarnation.class))
        .isEqualTo(after == 5 ? List.of() : List.of(new Output.StoreIncarnation(after)));
    assertThat(me.healthOf(ME)).isEqualTo(Health.ALIVE);
  }

  @Check("butterfly-36")
  @ParameterizedTest
  @EnumSource(names = {"CONFIRMED", "DEPARTED"})
  void everyWorseNewsIsRefutedLikeASuspicion(Health health) {
    Story story = new Story();
    TestMember me = story.member(ME).incarnation(5).start();

    me.hears(rumor(held(ME, 5, health)));

    assertThat(spoken(me).incarnation()).isEqualTo(6);
    assertThat(me.said(Output.DepartureOrdered.class)).isEmpty();
  }

  @Test
  void goodNewsIsNotRefutedHoweverNew() {
    Story story = new Story();
    TestMember me = story.member(ME).incarnation(5).start();

    me.hears(rumor(held(ME, 900, Health.ALIVE)));

    assertThat(me.incarnation()).isEqualTo(5);
  }

  @Check("butterfly-37")
  @Test
  void theIncarnationStopsBelowTheGreatestNumberAndNeverWraps() {
    Story story = new Story();
    TestMember me = story.member(ME).incarnation(5).knowingItsAddress().start();

    me.hears(rumor(held(ME, Member.INCARNATION_MAX, Health.SUSPECT)));
    assertThat(me.incarnation()).as("a lie that cannot be refuted is not followed").isEqualTo(5);
    me.hears(rumor(held(ME, Member.INCARNATION_MAX - 1, Health.CONFIRMED)));
    assertThat(me.incarnation()).isEqualTo(Member.INCARNATION_MAX);
    me.hears(2, probePing(2));

    assertThat(spoken(me).incarnation()).isEqualTo(Member.INCARNATION_MAX);
    me.does(new Input.Leave());
    assertThat(me.incarnation()).isEqualTo(Member.INCARNATION_MAX);
  }

  @Test
  void aStoredIncarnationThatMayNotBeSaidIsLowered() {
    Story story = new Story();
    TestMember me = story.member(ME).incarnation(-1).start();

    assertThat(spoken(me).incarnation()).isEqualTo(Member.INCARNATION_MAX);
  }

  @Test
  void anotherOneAtTheGreatestIncarnationIsStoredJustBelow() {
    TestMember me = Story.ofOne();

    me.hears(3, ping(3, -1));

    assertThat(me.recordOf(3).incarnation()).isEqualTo(Member.INCARNATION_MAX);
  }

  @Test
  void aRefutationIsToldAtOnceAtItsAddressOrAtTheOneOthersSee() {
    for (boolean knows : List.of(true, false)) {
      Story story = new Story();
      var unborn = story.member(ME);
      TestMember me = (knows ? unborn.knowingItsAddress() : unborn).start();
      story.extra(2);
      me.hears(2, ping(2));

      me.hears(rumor(held(ME, 0, Health.SUSPECT)));
      story.passes(Duration.ofSeconds(3));

      assertThat(me.held(ME)).contains(held(ME, 1, Health.ALIVE));
      assertThat(
              me.timesPushed(new MemberRumor(me.id(), held(ME, 1, Health.ALIVE)), 2)
                  + me.sentTo(2).stream()
                      .filter(
                          sent -> sent.message().membership().contains(held(ME, 1, Health.ALIVE)))
                      .count())
          .isEqualTo(2);
    }
  }

  @Test
  void whoDoesNotKnowItsAddressIsWhereOthersSeeIt() {
    TestMember me = Story.ofOne();

    me.hears(
        rumor(
            new Membership(
                Given.member(ME, 0).withDeparted(true).withProbePing(true), Health.DEPARTED)));

    assertThat(me.held(ME)).contains(held(ME, 1, Health.ALIVE));
    assertThat(me.view().self()).isEqualTo(Given.member(ME, 1));
  }

  @Test
  void aMemberIsNotInItsOwnListBeforeOthersKnowIt() {
    Story story = new Story();
    TestMember me = story.member(ME).knowingItsAddress().start();

    me.hears(2, probePing(2));

    assertThat(me.held(ME)).isEmpty();
  }
}
