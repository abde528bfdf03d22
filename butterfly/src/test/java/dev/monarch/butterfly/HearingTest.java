package dev.monarch.butterfly;

import static dev.monarch.butterfly.Given.ack;
import static dev.monarch.butterfly.Given.at;
import static dev.monarch.butterfly.Given.held;
import static dev.monarch.butterfly.Given.id;
import static dev.monarch.butterfly.Given.member;
import static dev.monarch.butterfly.Given.ping;
import static dev.monarch.butterfly.Given.pingReq;
import static dev.monarch.butterfly.Given.probePing;
import static dev.monarch.butterfly.Given.rumor;
import static dev.monarch.butterfly.Given.sender;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.wire.Decoded;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor.MemberRumor;
import dev.monarch.wire.Swim;
import dev.monarch.wire.Swim.Ack;
import dev.monarch.wire.Swim.Ping;
import dev.monarch.wire.SwimCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a member answers and learns from datagrams (butterfly.md 5.3, 1.5). */
class HearingTest {
  private static Output.Send onlyAnswer(List<Output> outputs, Class<? extends Swim> kind) {
    List<Output.Send> answers = sends(outputs, kind);
    assertThat(answers).hasSize(1);
    return answers.getFirst();
  }

  private static List<Output.Send> sends(List<Output> outputs, Class<? extends Swim> kind) {
    List<Output.Send> sends = new ArrayList<>();
    for (Output output : outputs) {
      if (output instanceof Output.Send send && kind.isInstance(send.message())) {
        sends.add(send);
      }
    }
    return sends;
  }

  @Test
  void aPingIsAnsweredToWhereItCameFromAndNotToTheAdvertisedPort() {
    TestMember me = Story.ofOne();
    Endpoint elsewhere = new Endpoint("10.0.0.2", 50_000);

    Output.Send answer = onlyAnswer(me.hears(elsewhere, ping(2)), Ack.class);

    assertThat(answer.to()).isEqualTo(elsewhere);
    assertThat(answer.message().from()).isEqualTo(sender(1, 0));
  }

  @Check("butterfly-24")
  @Test
  void aMemberSeenForTheFirstTimeIsPingedWithoutBeingAsked() {
    TestMember me = Story.ofOne();

    List<Output> outputs = me.hears(new Endpoint("10.0.0.2", 50_000), ping(2));

    Output.Send ping = onlyAnswer(outputs, Ping.class);
    assertThat(ping.to()).isEqualTo(at(2));
    assertThat(sends(me.hears(2, ping(2)), Ping.class)).isEmpty();
  }

  @Test
  void aBareAnswerAdmitsAMember() {
    Story story = new Story();
    TestMember me = story.member(1).peers(2).start();

    me.hears(2, ack(2, 3));

    assertThat(me.held(2)).contains(held(2, 3, Health.ALIVE));
    assertThat(me.view().joined()).isTrue();
  }

  @Check("butterfly-25")
  @Test
  void theAnswerTellsThePingerWhatItWasHeldForBeforeThisPing() {
    TestMember me = Story.ofOne();
    me.hears(rumor(held(2, 4, Health.CONFIRMED)));

    Output.Send answer = onlyAnswer(me.hears(2, ping(2, 4)), Ack.class);

    assertThat(answer.message().membership()).startsWith(held(2, 4, Health.CONFIRMED));
    assertThat(me.healthOf(2)).isEqualTo(Health.ALIVE);
  }

  @Check("butterfly-26")
  @Test
  void aMemberIsStoredUnderTheAddressItIsHeardFrom() {
    TestMember me = Story.ofOne();

    me.hears(new Endpoint("10.0.0.7", 50_000), ping(2, 3));

    assertThat(me.recordOf(2)).isEqualTo(member(2, 3).withAddress("10.0.0.7"));
    assertThat(me.sent()).allSatisfy(sent -> assertThat(sent.message().from().address()).isEmpty());
  }

  @Check("butterfly-27")
  @Test
  void theAnswerCarriesForwardToUnchanged() {
    TestMember me = Story.ofOne();
    Member third = new Member("third", -7, "10.9.9.9", 1, 65_535, true, true, true);
    me.hears(2, ping(2));

    for (Member origin : List.of(third, member(1, 0), sender(3, 5), member(2, 1))) {
      Ping proxied = new Ping(sender(2, 0), Optional.of(origin), List.of());
      Output.Send answer = onlyAnswer(me.hears(2, proxied), Ack.class);
      assertThat(answer.to()).isEqualTo(at(2));
      assertThat(answer.message())
          .isInstanceOfSatisfying(Ack.class, a -> assertThat(a.forwardTo()).contains(origin));
    }
    assertThat(me.held(3)).isEmpty();
  }

  @Check("butterfly-28")
  @Test
  void aProxyAsksTheTargetAndPassesTheAnswerOn() {
    TestMember me = Story.ofOne();
    me.hears(rumor(held(3, 5, Health.ALIVE)));
    Endpoint origin = new Endpoint("10.0.0.2", 9638);

    Output.Send question = onlyAnswer(me.hears(origin, pingReq(2, member(3, 0))), Ping.class);
    assertThat(question.to()).isEqualTo(at(3));
    assertThat(question.message())
        .isInstanceOfSatisfying(
            Ping.class, ping -> assertThat(ping.forwardTo()).contains(member(2, 0)));

    Endpoint target = new Endpoint("10.7.7.7", 9638);
    Membership riding = held(8, 1, Health.SUSPECT);
    Ack answer = new Ack(sender(3, 6), Optional.of(member(2, 0)), List.of(riding));
    List<Output> outputs = me.hears(target, answer);

    assertThat(outputs)
        .containsExactly(
            new Output.Send(
                at(2),
                new Ack(
                    member(3, 6).withAddress("10.7.7.7"),
                    Optional.of(member(2, 0)),
                    List.of(riding))));
    assertThat(me.held(8)).as("what a proxy passes on it does not read").isEmpty();
    assertThat(me.held(3)).contains(held(3, 5, Health.ALIVE));
  }

  @Check("butterfly-29")
  @Test
  void aRequestForAnUnknownTargetComesToNothing() {
    TestMember me = Story.ofOne();

    List<Output> outputs = me.hears(2, pingReq(2, member(3, 0)));

    assertThat(outputs).isEmpty();
    assertThat(me.state().members()).isEmpty();
  }

  @Test
  void theAnswerComingThroughAProxyKeepsTheAddressTheProxySaw() {
    TestMember me = Story.ofOne();

    me.hears(9, new Ack(member(3, 2), Optional.of(member(1, 0)), List.of()));

    assertThat(me.held(3)).contains(held(3, 2, Health.ALIVE));
  }

  @Test
  void anAnswerNobodyAskedForIsNotPassedOn() {
    TestMember me = Story.ofOne();
    me.hears(3, ping(3));

    List<Output> outputs = me.hears(3, new Ack(sender(3, 0), Optional.of(member(2, 0)), List.of()));

    assertThat(outputs).isEmpty();
  }

  @Test
  void anAnswerIsPassedOnOnceAndOnlySoon() {
    Story story = new Story();
    TestMember me = story.member(1).start();
    me.hears(3, ping(3));
    Ack answer = new Ack(sender(3, 0), Optional.of(member(2, 0)), List.of());
    me.hears(2, pingReq(2, member(3, 0)));
    assertThat(sends(me.hears(3, answer), Ack.class)).hasSize(1);
    assertThat(sends(me.hears(3, answer), Ack.class)).isEmpty();

    me.hears(2, pingReq(2, member(3, 0)));
    story.passes(Duration.ofNanos(Proxied.KEPT_NANOS).plusNanos(1));
    assertThat(sends(me.hears(3, answer), Ack.class)).isEmpty();
  }

  @Test
  void noAnswerIsEverForwardedToOneself() {
    Story story = new Story();
    TestMember me = story.member(1).knowingItsAddress().start();
    me.hears(3, ping(3));
    // Somebody else used to live at this member's address, and asked for member 3.
    me.hears(at(1), pingReq(77, member(3, 0)));
    me.listenFromHere();

    me.hears(3, new Ack(sender(3, 0), Optional.of(moved(77, 1)), List.of()));

    assertThat(me.sent()).isEmpty();
  }

  @Test
  void anAnswerToOneselfUnderAnotherIdDoesNotCircle() {
    Story story = new Story();
    TestMember me = story.member(1).start();
    me.hears(3, ping(3));
    me.hears(at(1), pingReq(77, member(3, 0)));
    me.listenFromHere();

    me.hears(3, new Ack(sender(3, 0), Optional.of(moved(77, 1)), List.of()));
    story.passes(Duration.ofSeconds(2));

    // This member does not know its address, so that the answer may go round once.
    assertThat(me.sentTo(1)).hasSizeLessThanOrEqualTo(1);
  }

  private static Member moved(int n, int to) {
    return member(n, 0).withAddress(at(to).address());
  }

  @Check("butterfly-41")
  @Test
  void aProbePingIsAnsweredWithAHigherIncarnation() {
    Story story = new Story();
    TestMember me = story.member(1).incarnation(6).start();

    List<Output> outputs = me.hears(2, probePing(2));

    assertThat(outputs).startsWith(new Output.StoreIncarnation(7));
    Output.Send answer = onlyAnswer(outputs, Ack.class);
    assertThat(answer.to()).isEqualTo(at(2));
    assertThat(answer.message().from()).isEqualTo(sender(1, 7));
    assertThat(me.held(2)).contains(held(2, 0, Health.ALIVE));
  }

  @Check("butterfly-43")
  @Test
  void aPingThatSaysDepartedMarksItsSenderDeparted() {
    TestMember me = Story.ofOne();
    me.hears(2, ping(2, 3));

    me.hears(2, new Ping(sender(2, 4).withDeparted(true), Optional.empty(), List.of()));

    assertThat(me.held(2))
        .contains(new Membership(member(2, 4).withDeparted(true), Health.DEPARTED));
  }

  @Check("butterfly-22")
  @ParameterizedTest
  @ValueSource(strings = {"hostname", "::ffff:9", "10.0.0.x"})
  void aRecordWithoutAnIpv4AddressIsNeitherStoredNorTold(String address) {
    TestMember me = Story.ofOne();
    me.hears(2, ping(2));
    // As many characters in place of others, so that nothing else in the message changes.
    byte[] datagram = SwimCodec.encode(ping(2, 0, held(9, 0, Health.ALIVE)));
    String text = new String(datagram, StandardCharsets.ISO_8859_1);
    byte[] harmful = text.replace("10.0.0.9", address).getBytes(StandardCharsets.ISO_8859_1);

    assertThat(SwimCodec.decode(harmful))
        .isInstanceOfSatisfying(
            Decoded.Accepted.class,
            accepted -> {
              me.hears(2, (Swim) accepted.value());
              me.hears(5, ping(5));
            });
    me.hears(7, new Ack(sender(9, 0).withAddress(address), Optional.of(member(1, 0)), List.of()));
    me.hears(7, new Ack(sender(9, 0).withAddress(""), Optional.of(member(1, 0)), List.of()));

    assertThat(me.held(9)).isEmpty();
    assertThat(me.sent())
        .flatExtracting(sent -> sent.message().membership())
        .extracting(membership -> membership.member().id())
        .doesNotContain(id(9));
    assertThat(me.said(Output.Push.class))
        .flatExtracting(Output.Push::rumors)
        .filteredOn(MemberRumor.class::isInstance)
        .extracting(told -> ((MemberRumor) told).membership().member().id())
        .doesNotContain(id(9));
  }

  @Test
  void theOwnIdFromAnotherAddressIsReportedAndNotBelieved() {
    TestMember me = Story.ofOne();

    List<Output> outputs = me.hears(5, ping(1, 9));

    assertThat(outputs).containsExactly(new Output.OwnIdHeard(at(5)));
    assertThat(me.state().members()).isEmpty();
    assertThat(me.incarnation()).isZero();
  }

  @Test
  void whoFindsItselfAmongItsInitialPeersIsNotAlarmed() {
    Story story = new Story();
    TestMember me = story.member(1).peers(1, 2).start();

    story.passes(Duration.ofSeconds(10));

    assertThat(me.said(Output.OwnIdHeard.class)).isEmpty();
    assertThat(me.view().joined()).isFalse();
  }

  @Test
  void aBlockedMemberIsNotHeardExceptThroughAProxy() {
    Story story = new Story();
    TestMember me = story.member(1).start();
    me.hears(rumor(held(3, 0, Health.ALIVE)));
    me.does(new Input.Block(Set.of(id(2))));
    me.listenFromHere();

    me.hears(2, ping(2));
    me.hears(2, ack(2, 0));
    me.hears(2, probePing(2));
    me.hears(2, pingReq(2, member(3, 0)));
    me.hears(new MemberRumor(id(2), held(4, 0, Health.ALIVE)));
    assertThat(me.sent()).isEmpty();
    assertThat(me.held(2)).isEmpty();
    assertThat(me.held(4)).isEmpty();
    assertThat(me.incarnation()).isZero();

    me.hears(9, new Ack(member(2, 0), Optional.of(member(1, 0)), List.of()));
    assertThat(me.healthOf(2)).isEqualTo(Health.ALIVE);
    story.passes(Duration.ofMillis(900));
    assertThat(me.pushedTo(2)).isEmpty();

    me.does(new Input.Block(Set.of()));
    assertThat(me.pushedTo(2)).hasSize(1);
  }

  @Test
  void aBlockedMemberIsFoundSilent() {
    Story story = new Story();
    TestMember me = story.member(1).start();
    story.extra(2);
    me.hears(2, ping(2));
    story.passes(Duration.ofSeconds(30));
    assertThat(me.healthOf(2)).isEqualTo(Health.ALIVE);

    me.does(new Input.Block(Set.of(id(2))));
    story.passes(Duration.ofSeconds(30));

    assertThat(me.healthOf(2)).isEqualTo(Health.CONFIRMED);
  }
}
