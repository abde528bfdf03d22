package dev.monarch.wire.control;

import static dev.monarch.wire.DecodedAssert.accepted;
import static dev.monarch.wire.DecodedAssert.assertRejected;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.wire.Bytes;
import dev.monarch.wire.Decoded;
import dev.monarch.wire.Rejection;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.ControlReply.ServiceStatus;
import dev.monarch.wire.control.ControlRequest.SvcFilePut;
import dev.monarch.wire.control.ControlRequest.SvcLoad;
import dev.monarch.wire.control.ControlRequest.SvcSetCfg;
import dev.monarch.wire.control.ControlRequest.SvcStatus;
import dev.monarch.wire.control.ControlRequest.SvcStepDown;
import dev.monarch.wire.control.ControlRequest.SvcStop;
import dev.monarch.wire.control.ControlRequest.SvcUpdate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** control.md 3, 4 and 7. */
class ControlCodecTest {
  private static final Ident WEB = new Ident("acme", "web");

  /** acme/web as the first field. */
  private static final String WEB_HEX = "0a0b 0a0461636d65 1203776562";

  @Test
  void whatIsAbsentIsNotWhatIsZero() {
    SvcUpdate nothing = new SvcUpdate(WEB, SpecChange.NONE);
    assertThat(accepted(request("SvcUpdate", WEB_HEX))).isEqualTo(nothing);

    SpecChange change =
        ((SvcUpdate)
                accepted(
                    request(
                        "SvcUpdate",
                        WEB_HEX + "1200 1800 2200 2a00 4000 4800 5202 0800 5800 6000")))
            .change();
    assertThat(change.binds()).contains(List.of());
    assertThat(change.bindingMode()).contains(BindingMode.RELAXED);
    assertThat(change.builderUrl()).contains("");
    assertThat(change.channel()).contains("");
    assertThat(change.topology()).contains(Topology.STANDALONE);
    assertThat(change.updateStrategy()).contains(UpdateStrategy.NONE);
    assertThat(change.healthCheckIntervalSeconds()).hasValue(0);
    assertThat(change.shutdownTimeoutSeconds()).hasValue(0);
    assertThat(change.updateCondition()).contains(UpdateCondition.LATEST);
    assertThat(change.group()).isEmpty();
  }

  @Test
  void aLoadAndAnUpdateSayTheSameThingsUnderOtherNumbers() {
    var change =
        new SpecChange(
            Optional.of(List.of(new ServiceBind("db", new ServiceGroup("db.prod@acme")))),
            Optional.of(BindingMode.STRICT),
            Optional.of("https://bldr.example"),
            Optional.of("dev"),
            Optional.of("blue"),
            Optional.of("box"),
            Optional.of(Topology.LEADER),
            Optional.of(UpdateStrategy.ROLLING),
            Optional.of(UpdateCondition.TRACK_CHANNEL),
            OptionalLong.of(-1),
            OptionalLong.of(0xFFFF_FFFFL));
    var load = new SvcLoad(WEB, change, Optional.of("/src/web"), true);
    var update = new SvcUpdate(WEB, change);
    assertThat(accepted(ControlCodec.request(ControlCodec.frame(Transaction.REQUEST, load))))
        .isEqualTo(load);
    assertThat(accepted(ControlCodec.request(ControlCodec.frame(Transaction.REQUEST, update))))
        .isEqualTo(update);
  }

  @Test
  void aNumberThatNamesNoChoiceIsAsGoodAsAbsent() {
    assertThat(accepted(request("SvcUpdate", WEB_HEX + "1807 4009 480a 600b")))
        .isEqualTo(new SvcUpdate(WEB, SpecChange.NONE));
  }

  @Test
  void fieldsMayComeInAnyOrderAndInPieces() {
    assertThat(accepted(request("SvcStop", "1814 0a05 1203776562 0a06 0a0461636d65 7a0100")))
        .isEqualTo(new SvcStop(WEB, OptionalLong.of(20)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SvcLoad",
        "SvcUpdate",
        "SvcUnload",
        "SvcStart",
        "SvcStop",
        "SvcGetDefaultCfg",
        "SvcValidateCfg",
        "SvcSetCfg",
        "SvcFilePut",
        "SupDepart",
        "SvcStepDown"
      })
  void aRequestThatDoesNotSayWhatForIsRefused(String name) {
    assertRejected(request(name, ""), Rejection.FIELD_MISSING);
  }

  @Test
  void aStatusWithoutAServiceMeansAllOfThem() {
    assertThat(accepted(request("SvcStatus", ""))).isEqualTo(new SvcStatus(Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "SvcStart, 0a06 0a0461636d65, no name",
    "SvcStart, 0a0a 0a0461636d65 12022e2e, a name that is a parent directory",
    "SvcStart, 0a0b 0a0461636d65 1203612f62, a slash in the name",
    "SvcStart, 0a0b 0a0461636d65 1203610062, a NUL in the name",
    "SvcUpdate, 0a0b 0a0461636d65 1203776562 3203612e62, a dot in the group",
    "SvcUpdate, 0a0b 0a0461636d65 1203776562 12070a050a01611200, a bind without a group",
    "SvcSetCfg, 0a08 0a03612e62 120163 1200 1801, a dot in the service",
    "SvcFilePut, 0a06 0a0161 120162 1200 1a042e2e2f78 2001, a file outside its directory",
  })
  void aNameThatCouldDoHarmIsRefused(String message, String hex, String what) {
    assertRejected(request(message, hex), Rejection.FIELD_INVALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0a", "0a05 0a", "08 01", "0a04 0a02 c328", "1a00"})
  void whatIsNoMessageIsRefused(String hex) {
    assertRejected(request("SvcStop", hex), Rejection.MALFORMED);
  }

  @Test
  void aNameThatIsNoMessageIsRefused() {
    assertRejected(request("Foo", ""), Rejection.UNKNOWN_TYPE);
    assertRejected(request("NetOk", ""), Rejection.UNKNOWN_TYPE);
    assertRejected(ControlCodec.handshake(frame("SvcStatus", "")), Rejection.UNKNOWN_TYPE);
    assertRejected(ControlCodec.reply(frame("SvcStatus", "")), Rejection.UNKNOWN_TYPE);
  }

  @Test
  void aHandshakeWithoutASecretHasTheEmptyOne() {
    assertThat(accepted(ControlCodec.handshake(frame("Handshake", ""))))
        .isEqualTo(new Handshake(""));
    assertThat(new Handshake("top secret").toString()).doesNotContain("top");
  }

  @Test
  void aConfigurationMayBeEmptyButNotAbsent() {
    assertThat(accepted(request("SvcSetCfg", "0a06 0a0161 120162 1200 1800")))
        .isEqualTo(new SvcSetCfg(new ServiceGroup("a.b"), Bytes.EMPTY, 0, false));
    assertRejected(request("SvcSetCfg", "0a06 0a0161 120162 1800"), Rejection.FIELD_MISSING);
  }

  @Test
  void whatOnlyWeAskForStandsBehindWhatAnOriginalReads() {
    String waits = "0a06 0a0161 120162 1200 1805 807d1e 887d01";
    var waiting =
        new SvcSetCfg(new ServiceGroup("a.b"), Bytes.EMPTY, 5, false, true, OptionalLong.of(30));
    assertThat(accepted(request("SvcSetCfg", waits))).isEqualTo(waiting);
    assertThat(ControlCodec.frame(Transaction.REQUEST, waiting))
        .isEqualTo(frame("SvcSetCfg", waits));
    String put = "0a06 0a0161 120162 1200 1a0166 2005 887d01";
    var listening = new SvcFilePut(new ServiceGroup("a.b"), Bytes.EMPTY, "f", 5, false, true);
    assertThat(accepted(request("SvcFilePut", put))).isEqualTo(listening);
    assertThat(ControlCodec.frame(Transaction.REQUEST, listening))
        .isEqualTo(frame("SvcFilePut", put));
  }

  @Test
  void handingOverTheLeadIsAskedForByTheNameOfTheGroup() {
    var stepDown = new SvcStepDown(new ServiceGroup("a.b"));
    assertThat(accepted(request("SvcStepDown", "0a03612e62"))).isEqualTo(stepDown);
    assertThat(ControlCodec.frame(Transaction.REQUEST, stepDown))
        .isEqualTo(frame("SvcStepDown", "0a03612e62"));
    assertRejected(request("SvcStepDown", "0a0161"), Rejection.FIELD_INVALID);
  }

  @Test
  void aNameThatNoOtherMemberOrDiskWouldTakeIsRefused() {
    String name = "78".repeat(256);
    assertRejected(
        request("SvcFilePut", "0a06 0a0161 120162 1200 1a8002" + name + "2001"),
        Rejection.FIELD_INVALID);
    assertRejected(request("SupDepart", "0a8002" + name), Rejection.FIELD_INVALID);
    assertRejected(request("SupDepart", "0a00"), Rejection.FIELD_INVALID);
    assertRejected(request("SupDepart", "0a020a62"), Rejection.FIELD_INVALID);
    assertRejected(
        request("SvcSetCfg", "0a8602 0a8002" + name + "120162 1200 1801"), Rejection.FIELD_INVALID);
  }

  @Test
  void aServiceThatIsDesiredNeitherUpNorDownIsShownAllTheSame() {
    ServiceStatus status =
        (ServiceStatus)
            accepted(
                ControlCodec.reply(
                    frame(
                        "ServiceStatus",
                        WEB_HEX + "1200 1a06 0a0161 120162 28ffffffffffffffffff01")));
    assertThat(status.desiredState()).isEmpty();
    assertThat(status.process().state()).isEqualTo(ProcessState.DOWN);
  }

  @Test
  void anIdentHasTwoToFourParts() {
    assertThat(Ident.parse("acme/web")).contains(WEB);
    assertThat(Ident.parse("acme/web/1.2.3/20260102030405").map(Ident::toString))
        .contains("acme/web/1.2.3/20260102030405");
    for (String none : List.of("", "web", "/web", "acme/", "a/b/c/d/e", "acme/../x", "acme//1")) {
      assertThat(Ident.parse(none)).as(none).isEmpty();
    }
  }

  private static Decoded<ControlRequest> request(String name, String hex) {
    return ControlCodec.request(frame(name, hex));
  }

  private static Frame frame(String name, String hex) {
    byte[] body = HexFormat.of().parseHex(hex.replace(" ", ""));
    return new Frame(Optional.of(Transaction.REQUEST), name, Bytes.of(body));
  }
}
