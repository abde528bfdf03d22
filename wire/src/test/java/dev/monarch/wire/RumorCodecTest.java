package dev.monarch.wire;

import static dev.monarch.wire.DecodedAssert.accepted;
import static dev.monarch.wire.DecodedAssert.assertRejected;
import static dev.monarch.wire.Proto.memberAt;
import static dev.monarch.wire.Proto.membership;
import static dev.monarch.wire.Proto.message;
import static dev.monarch.wire.Proto.rumor;
import static dev.monarch.wire.Proto.service;
import static dev.monarch.wire.Proto.sys;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.wire.Rumor.DepartureRumor;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.ElectionUpdateRumor;
import dev.monarch.wire.Rumor.MemberRumor;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RumorCodecTest {
  private static final int MEMBER = 1;
  private static final int SERVICE = 2;
  private static final int ELECTION = 3;
  private static final int SERVICE_CONFIG = 4;
  private static final int SERVICE_FILE = 5;
  private static final int ELECTION_UPDATE = 8;
  private static final int DEPARTURE = 9;

  private static final ServiceGroup WEB = new ServiceGroup("web.default");

  /** The least that each kind must say: type, field, payload. */
  private static Map<Integer, Proto> least() {
    Map<Integer, Proto> rumors = new LinkedHashMap<>();
    rumors.put(MEMBER, rumor(MEMBER, 4, membership(memberAt("b", "10.0.0.1"))));
    rumors.put(SERVICE, rumor(SERVICE, 5, service()));
    rumors.put(SERVICE_CONFIG, rumor(SERVICE_CONFIG, 6, message().text(1, "web.default")));
    rumors.put(SERVICE_FILE, rumor(SERVICE_FILE, 7, message().text(1, "web.default").text(4, "f")));
    rumors.put(ELECTION, rumor(ELECTION, 8, message().text(2, "web.default")));
    rumors.put(ELECTION_UPDATE, rumor(ELECTION_UPDATE, 8, message().text(2, "web.default")));
    rumors.put(DEPARTURE, rumor(DEPARTURE, 9, message().text(1, "gone")));
    return rumors;
  }

  @Test
  void aDepartureIsEncodedAsTheOriginalDoes() {
    Rumor rumor = new DepartureRumor("butterflyclient", "00000000000000000000000000000001");
    assertThat(HexFormat.of().formatHex(RumorCodec.encode(rumor)))
        .isEqualTo(
            "08091a0f627574746572666c79636c69656e744a220a20"
                + "3030303030303030303030303030303030303030303030303030303030303031");
  }

  @Test
  void absentFieldsAreZeroFalseAndEmpty() {
    SysInfo sys = new SysInfo("10.0.0.1", "host", "", 0, "", 0, "", 0);
    Election election =
        new Election("origin", "web.default", 0, 0, ElectionStatus.RUNNING, List.of());
    Member member = new Member("b", 0, "10.0.0.1", 9638, 9639, false, false, false);
    Map<Integer, Rumor> expected =
        Map.of(
            MEMBER, new MemberRumor("origin", new Membership(member, Health.ALIVE)),
            SERVICE,
                new ServiceRumor("origin", "owner", WEB, 0, false, "a/b/1/2", Bytes.EMPTY, sys, 0),
            SERVICE_CONFIG, new ServiceConfigRumor("origin", WEB, 0, false, Bytes.EMPTY),
            SERVICE_FILE, new ServiceFileRumor("origin", WEB, 0, false, "f", Bytes.EMPTY),
            ELECTION, new ElectionRumor(election),
            ELECTION_UPDATE, new ElectionUpdateRumor(election),
            DEPARTURE, new DepartureRumor("origin", "gone"));
    least().forEach((type, proto) -> assertThat(decode(proto)).isEqualTo(expected.get(type)));
  }

  @Test
  @Check("butterfly-13")
  void anUnknownTypeAndTheTestKindsAreRejected() {
    for (long type : new long[] {0, 6, 7, 10, 1000, -1}) {
      least().values().forEach(rumor -> rejected(rumor.number(1, type), Rejection.UNKNOWN_TYPE));
    }
  }

  @Test
  @Check("butterfly-13")
  void aTypeThatDisagreesWithThePayloadIsRejected() {
    for (int type : least().keySet()) {
      for (Map.Entry<Integer, Proto> other : least().entrySet()) {
        Proto changed = other.getValue().number(1, type);
        boolean bothElections =
            List.of(ELECTION, ELECTION_UPDATE).containsAll(List.of(type, other.getKey()));
        if (type == other.getKey() || bothElections) {
          assertThat(decode(changed).kind().number()).isEqualTo(type);
        } else {
          rejected(changed, Rejection.MISMATCH);
        }
      }
    }
  }

  @Test
  void aRumorWithoutTypeIsOneOfAMember() {
    Proto payload = membership(memberAt("b", "10.0.0.1"));
    assertThat(decode(message().text(3, "origin").message(4, payload)))
        .isInstanceOf(MemberRumor.class);
    rejected(message().text(3, "origin").message(5, service()), Rejection.MISMATCH);
  }

  @Test
  void aRumorWithoutPayloadIsRejected() {
    rejected(message(), Rejection.MISMATCH);
    rejected(message().number(1, 2).text(3, "origin"), Rejection.MISMATCH);
  }

  @Test
  @Check("butterfly-14")
  void unknownFieldsAreIgnoredEverywhere() {
    for (int field : new int[] {14, 1000, 536_870_911}) {
      Proto payload = service().unknownFields(field).message(12, sys().unknownFields(field));
      Proto proto =
          message()
              .unknownFields(field)
              .number(1, SERVICE)
              .text(3, "origin")
              .message(5, payload)
              .unknownFields(field);
      assertThat(decode(proto)).isEqualTo(decode(rumor(SERVICE, 5, service())));
    }
  }

  @Test
  void tagsAreIgnoredButMustBeText() {
    assertThat(decode(rumor(SERVICE, 5, service()).text(2, "a").text(2, "b")))
        .isEqualTo(decode(rumor(SERVICE, 5, service())));
    rejected(rumor(SERVICE, 5, service()).number(2, 1), Rejection.MALFORMED);
    rejected(rumor(SERVICE, 5, service()).bytes(2, 0xFF), Rejection.MALFORMED);
  }

  @Test
  @Check("butterfly-19")
  void aRumorWithoutOriginIsRejected() {
    rejected(message().number(1, SERVICE).message(5, service()), Rejection.FIELD_MISSING);
  }

  @Test
  @Check("butterfly-19")
  void aServiceWithoutAFieldThatMustBeThereIsRejected() {
    Proto withoutOwner = message().text(2, "web.default").text(9, "p").message(12, sys());
    Proto withoutGroup = message().text(1, "owner").text(9, "p").message(12, sys());
    Proto withoutPackage = message().text(1, "owner").text(2, "web.default").message(12, sys());
    Proto withoutSys = message().text(1, "owner").text(2, "web.default").text(9, "p");
    Proto base = message().text(1, "owner").text(2, "web.default").text(9, "p");
    Proto withoutIp = base.message(12, message().text(2, "host"));
    for (Proto payload :
        List.of(withoutOwner, withoutGroup, withoutPackage, withoutSys, withoutIp)) {
      rejected(rumor(SERVICE, 5, payload), Rejection.FIELD_MISSING);
    }
    Proto withoutHost =
        message()
            .text(1, "owner")
            .text(2, "web.default")
            .text(9, "p")
            .message(12, message().text(1, "10.0.0.1"));
    rejected(rumor(SERVICE, 5, withoutHost), Rejection.FIELD_MISSING);
  }

  @Test
  @Check("butterfly-19")
  void theOtherKindsWithoutAFieldThatMustBeThereAreRejected() {
    rejected(rumor(SERVICE_FILE, 7, message().text(1, "web.default")), Rejection.FIELD_MISSING);
    rejected(rumor(SERVICE_FILE, 7, message().text(4, "f")), Rejection.FIELD_MISSING);
    rejected(rumor(SERVICE_CONFIG, 6, message()), Rejection.FIELD_MISSING);
    rejected(rumor(ELECTION, 8, message().text(1, "a")), Rejection.FIELD_MISSING);
    rejected(rumor(ELECTION_UPDATE, 8, message()), Rejection.FIELD_MISSING);
    rejected(rumor(DEPARTURE, 9, message()), Rejection.FIELD_MISSING);
    rejected(rumor(MEMBER, 4, message().number(2, 1)), Rejection.FIELD_MISSING);
  }

  @Test
  @Check("butterfly-20")
  void aGroupIsStoredWithoutApplicationAndEnvironment() {
    String sent = "a.b#foo.default@org";
    ServiceGroup stored = new ServiceGroup("foo.default@org");
    assertThat(decode(rumor(SERVICE, 5, service().text(2, sent))))
        .isInstanceOfSatisfying(ServiceRumor.class, r -> assertThat(r.group()).isEqualTo(stored));
    assertThat(decode(rumor(SERVICE_CONFIG, 6, message().text(1, sent))))
        .isInstanceOfSatisfying(
            ServiceConfigRumor.class, r -> assertThat(r.group()).isEqualTo(stored));
    assertThat(decode(rumor(SERVICE_FILE, 7, message().text(1, sent).text(4, "f"))))
        .isInstanceOfSatisfying(
            ServiceFileRumor.class, r -> assertThat(r.group()).isEqualTo(stored));
  }

  @ParameterizedTest
  @Check("butterfly-20")
  @ValueSource(
      strings = {
        "",
        "foo",
        ".",
        "foo.",
        ".default",
        "a.b.c",
        "foo.default@",
        "a#foo.default",
        "#foo.default",
        "a.b#",
        "a.b#c.d#foo.default",
        "foo.default@o@p",
        "foo.default@o.p"
      })
  void aGroupOfAnotherFormIsRejectedExceptInAnElection(String group) {
    rejected(rumor(SERVICE, 5, service().text(2, group)), Rejection.FIELD_INVALID);
    rejected(rumor(SERVICE_CONFIG, 6, message().text(1, group)), Rejection.FIELD_INVALID);
    rejected(
        rumor(SERVICE_FILE, 7, message().text(1, group).text(4, "f")), Rejection.FIELD_INVALID);
    assertThat(decode(rumor(ELECTION, 8, message().text(2, group))))
        .isInstanceOfSatisfying(
            ElectionRumor.class, r -> assertThat(r.election().group()).isEqualTo(group));
  }

  @Test
  @Check("butterfly-21")
  void theCandidateOfAnElectionIsItsOrigin() {
    Proto payload = message().text(1, "somebody else").text(2, "web.default").text(6, "v");
    Rumor rumor = decode(rumor(ELECTION, 8, payload));
    Election election =
        new Election("origin", "web.default", 0, 0, ElectionStatus.RUNNING, List.of("v"));
    assertThat(rumor).isEqualTo(new ElectionRumor(election));
    assertThat(rumor.fromId()).isEqualTo("origin");
    Proto both = message().text(1, "origin").text(2, "web.default").number(3, 0).number(4, 0);
    assertThat(RumorCodec.encode(rumor))
        .isEqualTo(rumor(ELECTION, 8, both.number(5, 1).text(6, "v")).toBytes());
  }

  @ParameterizedTest
  @CsvSource({
    "0, RUNNING",
    "1, RUNNING",
    "2, NO_QUORUM",
    "3, FINISHED",
    "4, RUNNING",
    "-1, RUNNING"
  })
  void anUnknownElectionStatusIsRunning(long number, ElectionStatus status) {
    Proto payload = message().text(2, "web.default").number(5, number);
    assertThat(decode(rumor(ELECTION_UPDATE, 8, payload)))
        .isInstanceOfSatisfying(
            ElectionUpdateRumor.class, r -> assertThat(r.election().status()).isEqualTo(status));
  }

  @Test
  void theOrderOfVotesIsKept() {
    Proto payload = message().text(2, "g").text(6, "c").text(6, "a").text(6, "b").text(6, "a");
    assertThat(decode(rumor(ELECTION, 8, payload)))
        .isInstanceOfSatisfying(
            ElectionRumor.class,
            r -> assertThat(r.election().votes()).containsExactly("c", "a", "b", "a"));
  }

  @Test
  @Check("butterfly-22")
  void aMemberThatMustNotBeGossipedIsRejected() {
    for (Proto member :
        List.of(
            memberAt("b", ""),
            memberAt("b", "::1"),
            memberAt("b", "host.example"),
            memberAt("b", "10.0.0.1").number(2, -1L),
            memberAt("", "10.0.0.1"))) {
      rejected(rumor(MEMBER, 4, membership(member)), Rejection.FIELD_INVALID);
    }
  }

  @Test
  void portsOfASystemAreUnsigned32BitNumbers() {
    Proto info = sys().number(4, 0xFFFF_FFFFL).number(6, 70_000).number(8, 1);
    assertThat(decode(rumor(SERVICE, 5, service().message(12, info))))
        .isInstanceOfSatisfying(
            ServiceRumor.class,
            r -> {
              assertThat(r.sys().gossipPort()).isEqualTo(-1);
              assertThat(r.sys().httpGatewayPort()).isEqualTo(70_000);
              assertThat(accepted(RumorCodec.decode(RumorCodec.encode(r)))).isEqualTo(r);
            });
  }

  @Test
  void whatBecameOfAConfigurationStandsBehindWhatAnOriginalReads() {
    ServiceRumor told = (ServiceRumor) decode(rumor(SERVICE, 5, service()));
    assertThat(told.applied()).isEmpty();
    ServiceRumor telling =
        told.withApplied(Optional.of(AppliedConfiguration.rejected(-1, "no TOML")));
    Proto field = message().number(1, -1).number(2, 2).text(3, "no TOML");
    assertThat(decode(rumor(SERVICE, 5, service().message(2000, field)))).isEqualTo(telling);
    Proto before =
        message()
            .text(1, "owner")
            .text(2, "web.default")
            .number(3, 0)
            .number(8, 0)
            .text(9, "a/b/1/2")
            .bytes(10)
            .message(
                12,
                sys().text(3, "").number(4, 0).text(5, "").number(6, 0).text(7, "").number(8, 0))
            .number(13, 0);
    assertThat(RumorCodec.encode(telling))
        .isEqualTo(rumor(SERVICE, 5, before.message(2000, field)).toBytes());
  }

  @Test
  void anOutcomeOfAConfigurationThatNobodyKnowsYetIsNone() {
    Proto field = message().number(1, 7).number(2, 9);
    assertThat(decode(rumor(SERVICE, 5, service().message(2000, field))))
        .isEqualTo(decode(rumor(SERVICE, 5, service())));
  }

  @Test
  void theReasonOfARejectionIsOneLineThatATerminalCanShow() {
    Proto field = message().number(1, 7).number(2, 2).text(3, "a\n\u001b[31m" + "y".repeat(900));
    assertThat(decode(rumor(SERVICE, 5, service().message(2000, field))))
        .isInstanceOfSatisfying(
            ServiceRumor.class,
            r ->
                assertThat(r.applied().orElseThrow().reason())
                    .startsWith("a  [31my")
                    .hasSize(AppliedConfiguration.REASON_CHARS_MAX));
    assertThat(AppliedConfiguration.rejected(1, "x".repeat(255) + "\uD83D\uDE00").reason())
        .isEqualTo("x".repeat(255));
  }

  @Test
  void aRumorInPiecesIsMergedAndAPayloadOfAnotherKindReplacesTheOneBefore() {
    Proto first = message().text(1, "owner").text(2, "old.group").text(9, "a/b/1/2");
    Proto second = message().text(2, "web.default").message(12, sys());
    Proto pieces = message().number(1, SERVICE).text(3, "x").message(5, first).message(5, second);
    assertThat(decode(pieces.text(3, "origin"))).isEqualTo(decode(rumor(SERVICE, 5, service())));
    Proto interrupted =
        message().number(1, SERVICE).text(3, "x").message(5, first).message(9, message());
    rejected(interrupted.message(5, second), Rejection.FIELD_MISSING);
  }

  @Test
  void aRumorOfSeventyKilobytesIsAccepted() {
    Rumor rumor = new ServiceFileRumor("o", WEB, 1, false, "f", Bytes.of(new byte[70_000]));
    assertThat(accepted(RumorCodec.decode(RumorCodec.encode(rumor)))).isEqualTo(rumor);
  }

  @Test
  void aRumorOfMoreThanAMebibyteIsRejected() {
    Rumor greatest =
        new ServiceFileRumor(
            "o", WEB, 1, false, "f", Bytes.of(new byte[RumorCodec.RUMOR_BYTES_MAX - 100]));
    accepted(RumorCodec.decode(RumorCodec.encode(greatest)));
    assertRejected(
        RumorCodec.decode(new byte[RumorCodec.RUMOR_BYTES_MAX + 1]), Rejection.OVERSIZED);
  }

  @Test
  void tooLongNamesAndTooManyVotesAreRejected() {
    String name = "x".repeat(4097);
    rejected(rumor(SERVICE, 5, service().text(9, name)), Rejection.OVERSIZED);
    rejected(rumor(SERVICE, 5, service()).text(3, name), Rejection.OVERSIZED);
    rejected(rumor(SERVICE, 5, service().text(2, name)), Rejection.OVERSIZED);
    rejected(rumor(ELECTION, 8, message().text(2, "g").text(6, name)), Rejection.OVERSIZED);
    Proto votes = message().text(2, "g");
    for (int i = 0; i <= Limits.VOTES_MAX; i++) {
      votes.text(6, "v");
    }
    rejected(rumor(ELECTION, 8, votes), Rejection.OVERSIZED);
  }

  @Test
  void aBareMembershipRecordIsReadAndWritten() {
    Membership record = new Membership(Member.of("b", 3, "10.0.0.1", 9638), Health.SUSPECT);
    byte[] bytes = RumorCodec.encode(record);
    assertThat(accepted(RumorCodec.decodeMembership(bytes))).isEqualTo(record);
    assertThat(accepted(RumorCodec.decode(RumorCodec.encode(new MemberRumor("x", record)))))
        .isEqualTo(new MemberRumor("x", record));
    assertRejected(
        RumorCodec.decodeMembership(membership(memberAt("b", "")).toBytes()),
        Rejection.FIELD_INVALID);
    assertRejected(RumorCodec.decodeMembership(new byte[0]), Rejection.FIELD_MISSING);
    assertRejected(RumorCodec.decodeMembership(new byte[] {1}), Rejection.MALFORMED);
    assertRejected(RumorCodec.decodeMembership(new byte[70_000]), Rejection.OVERSIZED);
  }

  @Test
  void foreignTextInARejectionIsCutAndHasNoLineBreaks() {
    Proto proto = rumor(SERVICE, 5, service().text(2, "x\n\u001b[31m" + "y".repeat(200)));
    Decoded<Rumor> decoded = RumorCodec.decode(proto.toBytes());
    assertThat(decoded)
        .isInstanceOfSatisfying(
            Decoded.Rejected.class,
            rejected ->
                assertThat(rejected.detail())
                    .hasSizeLessThan(200)
                    .doesNotContain("\n")
                    .doesNotContain("\u001b"));
  }

  private static Rumor decode(Proto rumor) {
    return accepted(RumorCodec.decode(rumor.toBytes()));
  }

  private static void rejected(Proto rumor, Rejection reason) {
    assertRejected(RumorCodec.decode(rumor.toBytes()), reason);
  }
}
