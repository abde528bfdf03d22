package dev.monarch.butterfly;

import static dev.monarch.butterfly.Given.at;
import static dev.monarch.butterfly.Given.id;
import static dev.monarch.butterfly.Given.rumor;
import static dev.monarch.butterfly.Given.sender;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.TestMember.Sent;
import dev.monarch.checks.Check;
import dev.monarch.crypto.RingKey;
import dev.monarch.wire.Decoded;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Envelope;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.MemberRumor;
import dev.monarch.wire.Swim;
import dev.monarch.wire.Swim.Ping;
import dev.monarch.wire.Swim.PingReq;
import dev.monarch.wire.SwimCodec;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What rides along, and that it never makes a datagram too long (butterfly.md 1.2, 5.4). */
class DatagramTest {
  private static final RingKey KEY =
      RingKey.generate("test", Instant.parse("2026-01-01T00:00:00Z"), new SecureRandom());

  /** A record as long as a record can be. */
  private static Membership longest(int n) {
    String address = "210.111.%d.%d".formatted(100 + n / 100, 100 + n % 100);
    return new Membership(
        new Member(id(n), -2_000_000_000_000L - n, address, 65_535, 65_535, true, false, false),
        Health.SUSPECT);
  }

  private static int sealedBytes(Swim message) {
    return Envelope.wrap(SwimCodec.encode(message), Optional.of(KEY)).length;
  }

  @Check({"butterfly-3", "butterfly-44"})
  @Test
  void noDatagramIsLongerThanAnOriginalReadsAndNoRumorIsToldMoreThanTwice() {
    Story story = new Story();
    TestMember me = story.member(1).sealed().start();
    me.hears(2, ping(0, List.of()));
    for (int n = 100; n < 300; n++) {
      me.hears(rumor(longest(n)));
    }
    // Members that are suspected are confirmed after 9.3 s, which is news: all is told before.
    for (int i = 0; i < 80; i++) {
      story.passes(Duration.ofMillis(100));
      me.hears(2, ping(i, List.of()));
    }

    Map<String, Integer> told = new HashMap<>();
    int fullest = 0;
    for (Sent sent : me.sent()) {
      int bytes = sealedBytes(sent.message());
      assertThat(bytes).isLessThanOrEqualTo(Envelope.DATAGRAM_BYTES_MAX);
      fullest = Math.max(fullest, bytes);
      // What a PingReq carries counts for its target.
      if (sent.message() instanceof PingReq request
          ? request.target().id().equals(id(2))
          : sent.to().equals(at(2))) {
        sent.message().membership().forEach(one -> told.merge(one.member().id(), 1, Integer::sum));
      }
    }
    assertThat(fullest).as("room is used").isGreaterThan(900);
    for (Output.Push push : me.pushedTo(2)) {
      for (Rumor rumor : push.rumors()) {
        if (rumor instanceof MemberRumor(_, Membership one)) {
          told.merge(one.member().id(), 1, Integer::sum);
        }
      }
    }
    for (int n = 100; n < 300; n++) {
      assertThat(told).containsEntry(id(n), 2);
    }
  }

  private static Ping ping(long incarnation, List<Membership> news) {
    Member origin = new Member(id(7), -2, "210.111.222.111", 65_535, 65_535, true, false, false);
    return new Ping(sender(2, incarnation), Optional.of(origin), news);
  }

  @Check("butterfly-3")
  @Test
  void aDatagramOfFullLengthIsHeardAndAnswered() {
    TestMember me = Story.ofOne();
    Ping bare = ping(3, List.of());
    int n = 0;
    while (clearBytes(filled(bare, n + 1, 0)) <= Envelope.DATAGRAM_BYTES_MAX) {
      n++;
    }
    int padding = 0;
    while (clearBytes(filled(bare, n, padding)) < Envelope.DATAGRAM_BYTES_MAX) {
      padding++;
    }
    byte[] datagram = Envelope.wrap(SwimCodec.encode(filled(bare, n, padding)), Optional.empty());
    assertThat(datagram).hasSize(1024);

    assertThat(Envelope.unwrap(datagram, Optional.empty()))
        .isInstanceOfSatisfying(
            Decoded.Accepted.class,
            payload ->
                assertThat(SwimCodec.decode((byte[]) payload.value()))
                    .isInstanceOfSatisfying(
                        Decoded.Accepted.class, swim -> me.hears(2, (Swim) swim.value())));

    assertThat(me.sentTo(2)).isNotEmpty();
    assertThat(me.state().members()).hasSize(n + 1);
  }

  private static int clearBytes(Swim message) {
    return Envelope.wrap(SwimCodec.encode(message), Optional.empty()).length;
  }

  /** A ping with so many records, and so many letters more in its sender's address. */
  private static Ping filled(Ping bare, int records, int padding) {
    List<Membership> news =
        IntStream.range(100, 100 + records).mapToObj(DatagramTest::longest).toList();
    return new Ping(bare.from().withAddress("x".repeat(padding)), bare.forwardTo(), news);
  }

  @Test
  void aRecipientsOwnRecordComesFirst() {
    Story story = new Story();
    TestMember me = story.member(1).start();
    me.hears(rumor(longest(100)));
    me.hears(2, ping(5, List.of()));
    me.listenFromHere();

    me.hears(2, ping(5, List.of()));

    assertThat(me.sentTo(2).getFirst().message().membership().getFirst().member().id())
        .isEqualTo(id(2));
  }

  @Test
  void whatNamesAreTooLongForADatagramIsNotSent() {
    TestMember me = Story.ofOne();
    Member giant = Member.of("g".repeat(1500), 0, "10.0.0.9", 9638);

    me.hears(2, new Ping(sender(2, 0), Optional.of(giant), List.of()));
    assertThat(me.sentTo(2)).noneMatch(sent -> sent.message() instanceof Swim.Ack);
    me.hears(new MemberRumor("x", new Membership(giant, Health.ALIVE)));
    me.hears(new Endpoint("10.0.0.9", 9638), new Swim.ProbePing(giant));
    me.hears(2, new PingReq(sender(2, 0), giant, List.of()));
    me.hears(new MemberRumor("x", new Membership(giant, Health.CONFIRMED)));

    assertThat(me.sent())
        .allSatisfy(
            sent ->
                assertThat(clearBytes(sent.message()))
                    .isLessThanOrEqualTo(Envelope.DATAGRAM_BYTES_MAX));
  }

  @Test
  void anAnswerPassedOnIsShortenedIfItsSenderFilledItFurther() {
    Story story = new Story();
    TestMember me = story.member(1).sealed().start();
    me.hears(rumor(Given.held(3, 0, Health.ALIVE)));
    me.hears(2, new PingReq(sender(2, 0), Given.member(3, 0), List.of()));
    List<Membership> news = IntStream.range(100, 120).mapToObj(DatagramTest::longest).toList();
    me.listenFromHere();

    me.hears(3, new Swim.Ack(sender(3, 0), Optional.of(Given.member(2, 0)), news));

    assertThat(me.sentTo(2)).hasSize(1);
    Swim passed = me.sentTo(2).getFirst().message();
    assertThat(sealedBytes(passed)).isBetween(900, Envelope.DATAGRAM_BYTES_MAX);
    assertThat(news).startsWith(passed.membership().toArray(Membership[]::new));
  }
}
