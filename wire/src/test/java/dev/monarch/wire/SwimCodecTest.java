package dev.monarch.wire;

import static dev.monarch.wire.DecodedAssert.accepted;
import static dev.monarch.wire.DecodedAssert.assertRejected;
import static dev.monarch.wire.Proto.member;
import static dev.monarch.wire.Proto.memberAt;
import static dev.monarch.wire.Proto.membership;
import static dev.monarch.wire.Proto.message;
import static dev.monarch.wire.Proto.ping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.wire.Decoded.Accepted;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SwimCodecTest {
  private static final int UNKNOWN_FIELD = 1000;
  private static final int GREATEST_FIELD = 536_870_911;

  @Test
  void aPingIsEncodedAsTheOriginalDoes() {
    Swim ping =
        new Swim.Ping(
            Member.of("00000000000000000000000000000001", 7, "", 9638),
            Optional.empty(),
            List.of());
    assertThat(HexFormat.of().formatHex(SwimCodec.encode(ping)))
        .isEqualTo(
            "080112340a320a203030303030303030303030303030303030303030303030303030303030303031"
                + "10071a0020a64b28a64b300038004000");
  }

  /** Worst case of butterfly.md 1.2: greatest incarnation, longest address, five-digit ports. */
  @ParameterizedTest
  @CsvSource({
    "0, false, 113",
    "1, false, 196",
    "6, false, 606",
    "6, true, 685",
    "10, true, 1013",
    "13, true, 1259"
  })
  void theGreatestMessagesHaveTheOriginalsSizes(int records, boolean forwarded, int expected) {
    Member from = Member.of("f".repeat(32), -2, "", 65_535);
    Member other = from.withAddress("255.255.255.255");
    Swim message =
        new Swim.Ping(from, forwarded ? Optional.of(other) : Optional.empty(), List.of());
    int size = SwimCodec.sizeBytes(message);
    size += records * SwimCodec.sizeBytes(new Membership(other, Health.CONFIRMED));
    assertThat(Envelope.sizeBytes(size, true)).isEqualTo(expected);
  }

  @Test
  @Check("butterfly-12")
  void aMessageWithoutTypeButWithAPingIsAPing() {
    Swim message = decode(message().message(2, message().message(1, member("a"))));
    assertThat(message)
        .isEqualTo(
            new Swim.Ping(
                new Member("a", 0, "", 9638, 9639, false, false, false),
                Optional.empty(),
                List.of()));
  }

  @ParameterizedTest
  @Check("butterfly-13")
  @ValueSource(longs = {0, 5, 6, 100, -1, Long.MAX_VALUE})
  void anUnknownTypeIsRejected(long type) {
    rejected(
        message().number(1, type).message(2, message().message(1, member("a"))),
        Rejection.UNKNOWN_TYPE);
  }

  @Test
  @Check("butterfly-13")
  void aTypeThatDisagreesWithThePayloadIsRejected() {
    int[] fieldOfType = {0, 2, 3, 4, 6};
    Proto payload = message().message(1, member("a")).message(2, member("b"));
    for (int type = 1; type <= 4; type++) {
      for (int other = 1; other <= 4; other++) {
        byte[] bytes = message().number(1, type).message(fieldOfType[other], payload).toBytes();
        if (type == other) {
          accepted(SwimCodec.decode(bytes));
        } else {
          assertRejected(SwimCodec.decode(bytes), Rejection.MISMATCH);
        }
      }
    }
  }

  @Test
  @Check("butterfly-4")
  void aMessageWithoutPayloadIsRejected() {
    rejected(message(), Rejection.MISMATCH);
    rejected(message().number(1, 2), Rejection.MISMATCH);
  }

  @ParameterizedTest
  @Check("butterfly-14")
  @ValueSource(ints = {7, UNKNOWN_FIELD, GREATEST_FIELD})
  void unknownFieldsAreIgnoredEverywhere(int field) {
    int inMember = Math.max(field, 9);
    Proto from = message().unknownFields(inMember).text(1, "a").number(4, 1).number(5, 2);
    Proto gossiped = memberAt("b", "10.0.0.1").unknownFields(inMember);
    Proto message =
        message()
            .unknownFields(field)
            .message(2, message().unknownFields(field).message(1, from))
            .message(5, membership(gossiped).unknownFields(field));
    assertThat(decode(message))
        .isEqualTo(
            new Swim.Ping(
                new Member("a", 0, "", 1, 2, false, false, false),
                Optional.empty(),
                List.of(
                    new Membership(
                        new Member("b", 0, "10.0.0.1", 9638, 9639, false, false, false),
                        Health.ALIVE))));
  }

  @Test
  @Check("butterfly-15")
  void aBadMembershipRecordRejectsTheWholeMessage() {
    List<Proto> bad =
        List.of(
            message(),
            membership(message().number(4, 1).number(5, 1)),
            membership(message().text(1, "b").text(3, "10.0.0.1").number(5, 1)),
            membership(message().text(1, "b").text(3, "10.0.0.1").number(4, 1)));
    for (Proto record : bad) {
      rejected(ping(member("a")).message(5, record), Rejection.FIELD_MISSING);
    }
    rejected(
        ping(member("a")).message(5, membership(memberAt("b", "10.0.0.1").number(4, 65_536))),
        Rejection.FIELD_INVALID);
  }

  @ParameterizedTest
  @Check("butterfly-16")
  @ValueSource(longs = {70_000, 65_536, -1, 0xFFFF_FFFFL, Integer.MIN_VALUE})
  void aPortThatIsNoneIsRejected(long port) {
    rejected(ping(member("a").number(4, port)), Rejection.FIELD_INVALID);
    rejected(ping(member("a").number(5, port)), Rejection.FIELD_INVALID);
    rejected(
        ping(member("a")).message(5, membership(memberAt("b", "10.0.0.1").number(5, port))),
        Rejection.FIELD_INVALID);
  }

  @ParameterizedTest
  @Check("butterfly-16")
  @CsvSource({"0, 0", "65535, 65535", "4294976934, 9638"})
  void aPortIsAcceptedUpToTheGreatestAndReadAs32Bits(long sent, int port) {
    Swim message = decode(ping(member("a").number(4, sent).number(5, sent)));
    assertThat(message.from().swimPort()).isEqualTo(port);
    assertThat(message.from().gossipPort()).isEqualTo(port);
  }

  @Test
  @Check("butterfly-17")
  void absentIncarnationFlagsAndAddressAreZeroFalseAndEmpty() {
    Member from = decode(ping(member("a"))).from();
    assertThat(from).isEqualTo(new Member("a", 0, "", 9638, 9639, false, false, false));
  }

  @Test
  void aMemberWithoutIdOrPortIsRejected() {
    rejected(ping(message().number(4, 1).number(5, 1)), Rejection.FIELD_MISSING);
    rejected(ping(message().text(1, "a").number(5, 1)), Rejection.FIELD_MISSING);
    rejected(ping(message().text(1, "a").number(4, 1)), Rejection.FIELD_MISSING);
    rejected(ping(member("")), Rejection.FIELD_INVALID);
  }

  @Test
  void aPayloadWithoutItsMembersIsRejected() {
    rejected(message().message(2, message()), Rejection.FIELD_MISSING);
    rejected(message().number(1, 2).message(3, message()), Rejection.FIELD_MISSING);
    rejected(
        message().number(1, 3).message(4, message().message(1, member("a"))),
        Rejection.FIELD_MISSING);
    rejected(message().number(1, 4).message(6, message()), Rejection.FIELD_MISSING);
  }

  @ParameterizedTest
  @Check("butterfly-18")
  @CsvSource({
    "0, ALIVE",
    "1, ALIVE",
    "2, SUSPECT",
    "3, CONFIRMED",
    "4, DEPARTED",
    "5, ALIVE",
    "9, ALIVE",
    "-1, ALIVE",
    "4294967298, SUSPECT"
  })
  void anUnknownHealthIsAlive(long number, Health health) {
    Proto record = membership(memberAt("b", "10.0.0.1")).number(2, number);
    assertThat(decode(ping(member("a")).message(5, record)).membership().getFirst().health())
        .isEqualTo(health);
  }

  @Test
  @Check("butterfly-18")
  void anAbsentHealthIsAlive() {
    Proto record = membership(memberAt("b", "10.0.0.1"));
    assertThat(decode(ping(member("a")).message(5, record)).membership().getFirst().health())
        .isEqualTo(Health.ALIVE);
  }

  @ParameterizedTest
  @Check("butterfly-22")
  @ValueSource(
      strings = {
        "",
        "::1",
        "fe80::1",
        "::ffff:10.0.0.1",
        "localhost",
        "10.0.0",
        "10.0.0.256",
        "10.0.0.01",
        "10.0.0.1.",
        " 10.0.0.1",
        "10.0.0.1:80",
        "１0.0.0.1"
      })
  void aRecordOfAnAddressThatIsNoneIsLeftOutAlone(String address) {
    Proto message =
        ping(member("a"))
            .message(5, membership(memberAt("b", "10.0.0.1")))
            .message(5, membership(memberAt("c", address)))
            .message(5, membership(memberAt("d", "10.0.0.2")));
    assertOneIsLeftOut(message);
  }

  @Test
  void aRecordThatWouldMakeItsVictimWrapAroundIsLeftOutAlone() {
    Proto message =
        ping(member("a"))
            .message(5, membership(memberAt("b", "10.0.0.1").number(2, -2L)))
            .message(5, membership(memberAt("c", "10.0.0.3").number(2, -1L)))
            .message(5, membership(memberAt("d", "10.0.0.2")));
    assertOneIsLeftOut(message);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4097})
  void aRecordOfAnIdThatIsNoneIsLeftOutAlone(int length) {
    Proto message =
        ping(member("a"))
            .message(5, membership(memberAt("b", "10.0.0.1")))
            .message(5, membership(memberAt("c".repeat(length), "10.0.0.3")))
            .message(5, membership(memberAt("d", "10.0.0.2")));
    assertOneIsLeftOut(message);
  }

  private static void assertOneIsLeftOut(Proto message) {
    switch (SwimCodec.decode(message.toBytes())) {
      case Accepted<Swim>(Swim value, int dropped) -> {
        assertThat(value.membership())
            .extracting(record -> record.member().id())
            .containsExactly("b", "d");
        assertThat(dropped).isEqualTo(1);
      }
      case Decoded.Rejected<Swim> rejected -> throw new AssertionError(rejected.toString());
    }
  }

  @Test
  void theMembershipOfAProbePingIsIgnored() {
    Proto message =
        message()
            .number(1, 4)
            .message(5, membership(memberAt("b", "10.0.0.1")))
            .message(6, message().message(1, member("a").number(8, 1)));
    assertThat(decode(message))
        .isEqualTo(new Swim.ProbePing(new Member("a", 0, "", 9638, 9639, false, false, true)));
  }

  @Test
  void aMessageInPiecesIsMerged() {
    Proto first = message().message(1, message().text(1, "old").number(2, 5).number(4, 1));
    Proto second = message().message(1, message().text(1, "a").number(5, 2));
    assertThat(decode(message().message(2, first).message(2, second)).from())
        .isEqualTo(new Member("a", 5, "", 1, 2, false, false, false));
  }

  @Test
  void theMemberOfARecordInPiecesIsMerged() {
    Proto record =
        message()
            .message(1, message().text(1, "b").text(3, "10.0.0.1"))
            .number(2, 2)
            .message(1, message().number(4, 1).number(5, 2));
    assertThat(decode(ping(member("a")).message(5, record)).membership())
        .containsExactly(
            new Membership(
                new Member("b", 0, "10.0.0.1", 1, 2, false, false, false), Health.SUSPECT));
  }

  @Test
  void aPayloadOfAnotherKindReplacesTheOneBefore() {
    Proto ackFirst =
        message()
            .number(1, 2)
            .message(3, message().message(1, member("a")).message(2, member("forward")))
            .message(2, message().message(1, member("b")))
            .message(3, message().message(1, member("c")));
    assertThat(decode(ackFirst))
        .isEqualTo(
            new Swim.Ack(
                new Member("c", 0, "", 9638, 9639, false, false, false),
                Optional.empty(),
                List.of()));
    rejected(
        message().number(1, 2).message(3, message().message(1, member("a"))).message(2, message()),
        Rejection.MISMATCH);
  }

  @Test
  void fieldsMayComeInAnyOrder() {
    Proto message =
        message()
            .message(5, membership(memberAt("b", "10.0.0.1")))
            .message(2, message().message(2, member("f")).message(1, member("a")))
            .number(1, 1);
    assertThat(decode(message).membership()).hasSize(1);
  }

  @Test
  void aKnownFieldOfAnotherWireTypeIsRejected() {
    List<Proto> wrong =
        List.of(
            ping(member("a").text(2, "five")),
            ping(member("a").fixed64(2, 5)),
            ping(member("a").fixed32(4, 5)),
            ping(member("a").number(1, 5)),
            ping(member("a").number(3, 5)),
            ping(member("a").text(6, "")),
            ping(member("a")).text(1, "ping"),
            ping(member("a")).number(2, 1),
            ping(member("a")).number(5, 1),
            ping(member("a")).message(5, membership(memberAt("b", "10.0.0.1")).text(2, "alive")));
    for (Proto message : wrong) {
      rejected(message, Rejection.MALFORMED);
    }
  }

  @Test
  void textThatIsNotUtf8IsRejected() {
    rejected(ping(member("a").bytes(1, 0xFF)), Rejection.MALFORMED);
    rejected(ping(member("a").bytes(1, 0xC0, 0x80)), Rejection.MALFORMED);
    rejected(ping(member("a").bytes(3, 0xED, 0xA0, 0x80)), Rejection.MALFORMED);
    assertThat(decode(ping(member("ü😀"))).from().id()).isEqualTo("ü😀");
  }

  @Test
  void aMessageCutOffAnywhereIsNeverTakenForAnother() {
    byte[] whole = ping(member("a")).message(5, membership(memberAt("b", "10.0.0.1"))).toBytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      if (SwimCodec.decode(cut) instanceof Accepted<Swim>(Swim message, int _)) {
        assertThat(message).isEqualTo(decode(ping(member("a"))));
      }
    }
  }

  @Test
  void aMessageLongerThanADatagramIsRejected() {
    assertRejected(SwimCodec.decode(new byte[SwimCodec.SWIM_BYTES_MAX + 1]), Rejection.OVERSIZED);
  }

  @Test
  void aNameLongerThanAPathIsRejected() {
    accepted(SwimCodec.decode(ping(member("x".repeat(4096))).toBytes()));
    rejected(ping(member("x".repeat(4097))), Rejection.OVERSIZED);
    rejected(ping(memberAt("a", "x".repeat(4097))), Rejection.OVERSIZED);
  }

  private static Swim decode(Proto message) {
    return accepted(SwimCodec.decode(message.toBytes()));
  }

  private static void rejected(Proto message, Rejection reason) {
    assertRejected(SwimCodec.decode(message.toBytes()), reason);
  }
}
