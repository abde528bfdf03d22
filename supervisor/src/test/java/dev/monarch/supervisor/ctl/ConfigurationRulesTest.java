package dev.monarch.supervisor.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.supervisor.ctl.ConfigurationRules.Standing;
import dev.monarch.supervisor.layers.Layer;
import dev.monarch.supervisor.layers.Layer.Kind;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlRequest.SvcFilePut;
import dev.monarch.wire.control.ControlRequest.SvcSetCfg;
import dev.monarch.wire.control.ControlRequest.SvcValidateCfg;
import dev.monarch.wire.control.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** control.md 7.7 to 7.9. */
class ConfigurationRulesTest {
  private static final ServiceGroup WEB = new ServiceGroup("web.default");

  private static ControlReply.Last validate(byte[] configuration) {
    return ConfigurationRules.validate(
        new SvcValidateCfg(Optional.of(WEB), Bytes.of(configuration)), Optional.empty());
  }

  private static ControlReply.Last validate(String toml) {
    return validate(Bytes.utf8(toml).toArray());
  }

  private static String toml(int bytes) {
    return "#" + "x".repeat(bytes - 1);
  }

  @Test
  @Check("control-32")
  void aConfigurationIsTomlOf65536BytesAtMost() {
    assertThat(validate("a = 1")).isEqualTo(new NetOk());
    assertThat(validate("")).isEqualTo(new NetOk());
    assertThat(validate(toml(65_536))).isEqualTo(new NetOk());
    assertThat(validate(toml(65_537)))
        .isEqualTo(new NetErr(ErrorCode.ENTITY_TOO_LARGE, "Configuration too large."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a =", "a", "= 1", "a = 1\na = 2", "[a", "a = \"", "\u0000"})
  @Check("control-32")
  void whatIsNoTomlIsRefusedWithItsPlace(String text) {
    assertThat(validate(text))
        .isInstanceOfSatisfying(
            NetErr.class,
            error -> {
              assertThat(error.code()).isEqualTo(ErrorCode.BAD_PAYLOAD);
              assertThat(error.message())
                  .startsWith("Unable to decode configuration as TOML, ")
                  .contains("at line ")
                  .doesNotContain("\n");
            });
  }

  @Test
  @Check("control-32")
  void whatIsNoTextIsRefused() {
    assertThat(validate(new byte[] {(byte) 0xFF}))
        .isEqualTo(
            new NetErr(
                ErrorCode.BAD_PAYLOAD,
                "Unable to decode configuration as TOML, expected UTF-8 text, found other bytes;"
                    + " save the file as UTF-8"));
  }

  @Test
  void whatIsAtOddsWithTheDefaultsIsADoubtInOneLine() {
    var defaults = new Layer(Kind.DEFAULT, "/pkgs/web/default.toml", Map.of("port", 80L));
    assertThat(validate("port = 81", defaults)).isEqualTo(new NetOk());
    assertThat(validate("prot = 81\nport = '81'", defaults))
        .isEqualTo(
            new NetErr(
                ErrorCode.INVALID_PAYLOAD,
                "Configuration is at odds with /pkgs/web/default.toml: prot (expected no such key,"
                    + " found a number), port (expected a number, found text); unless that is"
                    + " meant, correct it and apply it with a higher version"));
    assertThat(validate("port =", defaults))
        .isInstanceOfSatisfying(
            NetErr.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.BAD_PAYLOAD));
  }

  private static ControlReply.Last validate(String toml, Layer defaults) {
    return ConfigurationRules.validate(
        new SvcValidateCfg(Optional.of(WEB), Bytes.utf8(toml)), Optional.of(defaults));
  }

  @Test
  void whatNoServiceWouldTakeForItsDepthIsRefused() {
    assertThat(validate("a" + ".a".repeat(29) + " = 1")).isEqualTo(new NetOk());
    for (String deep :
        List.of(
            "a" + ".a".repeat(40) + " = 1",
            "a" + ".a".repeat(30_000) + " = 1",
            "a = " + "[".repeat(32_000) + "]".repeat(32_000))) {
      assertThat(validate(deep))
          .as("%.30s", deep)
          .isInstanceOfSatisfying(
              NetErr.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.BAD_PAYLOAD));
    }
  }

  @Test
  void sizesAreThoseOfWhatIsSent() {
    Bytes most = Bytes.of(new byte[65_536]);
    Bytes more = Bytes.of(new byte[65_537]);
    assertThat(ConfigurationRules.objection(new SvcSetCfg(WEB, most, 1, true))).isEmpty();
    assertThat(ConfigurationRules.objection(new SvcSetCfg(WEB, more, 1, true)))
        .contains(new NetErr(ErrorCode.ENTITY_TOO_LARGE, "Configuration too large."));
    assertThat(ConfigurationRules.objection(new SvcFilePut(WEB, most, "f", 1, false))).isEmpty();
    assertThat(ConfigurationRules.objection(new SvcFilePut(WEB, more, "f", 1, false)))
        .contains(new NetErr(ErrorCode.ENTITY_TOO_LARGE, "File content too large."));
  }

  private static String warning(long version, Standing standing) {
    ControlReply.Partial first =
        ConfigurationRules.withoutEffect("the configuration", WEB, version, standing).getFirst();
    return ((ConsoleLine) first).line();
  }

  @Test
  void whoComesTooLateIsToldTheVersionInForceAndWhatToDo() {
    assertThat(warning(4, new Standing(5, false)))
        .isEqualTo(
            "Ø Version 5 of the configuration of web.default is in force, so version 4 changes"
                + " nothing; apply it with a version above 5, such as $(date +%s)");
    assertThat(warning(5, new Standing(5, false))).contains("above 5");
    assertThat(warning(5, new Standing(-1, true))).contains("above 18446744073709551615");
    assertThat(warning(5, new Standing(5, true)))
        .isEqualTo(
            "Ø Version 5 of the configuration of web.default is in force already, with the same"
                + " content");
  }
}
