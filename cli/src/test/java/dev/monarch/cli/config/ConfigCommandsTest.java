package dev.monarch.cli.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.cli.Typed;
import dev.monarch.cli.ctl.Scene;
import dev.monarch.cli.ctl.ScriptedGateway;
import dev.monarch.wire.control.ControlCodec;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlReply.NetProgress;
import dev.monarch.wire.control.ControlReply.ServiceCfg;
import dev.monarch.wire.control.ErrorCode;
import dev.monarch.wire.control.Transaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands make of every answer, and of what cannot be sent. */
class ConfigCommandsTest {
  private static final NetErr DOUBTFUL = new NetErr(ErrorCode.INVALID_PAYLOAD, "odd");
  private static final NetErr WRONG = new NetErr(ErrorCode.BAD_PAYLOAD, "no TOML");

  @TempDir Path root;

  private Typed typed(String input) {
    return new Typed()
        .with("FS_ROOT", root.toString())
        .with("HOME", root.toString())
        .with("HAB_CTL_SECRET", "s")
        .input(input);
  }

  /** A gateway that answers each connection's request with one of these. */
  private static ScriptedGateway answering(ControlReply... answers) throws IOException {
    return new ScriptedGateway(
        Arrays.stream(answers)
            .map(
                answer ->
                    List.of(
                        Scene.WELCOME,
                        ControlCodec.frame(Transaction.REQUEST.lastReply(), answer).encode()))
            .toList());
  }

  private static ScriptedGateway silent() throws IOException {
    return ScriptedGateway.of(List.of(Scene.WELCOME, new byte[0]));
  }

  private Typed.Result hab(ScriptedGateway gateway, String input, String line) {
    List<String> words = new ArrayList<>(Arrays.asList(line.split(" ")));
    words.addAll(List.of("-r", gateway.address()));
    return typed(input).hab(words);
  }

  private static String heard(ScriptedGateway gateway) throws InterruptedException {
    byte[] _ = gateway.heard();
    return new String(gateway.heard(), UTF_8);
  }

  @Test
  @Check("control-52")
  void aConfigurationIsValidatedAndThenSetOnConnectionsOfTheirOwn() throws Exception {
    String apply = "config apply web.default 42";
    try (var gateway = answering(new NetOk(), new NetOk())) {
      assertThat(hab(gateway, "port = 1\n", apply).exit()).isZero();
      assertThat(heard(gateway)).contains("SvcValidateCfg").contains("port = 1\n");
      assertThat(heard(gateway)).contains("SvcSetCfg").contains("port = 1\n");
    }
    try (var gateway = answering(DOUBTFUL, new NetOk())) {
      Typed.Result doubtful = hab(gateway, "port = 1\n", apply);
      assertThat(doubtful.exit()).isZero();
      assertThat(doubtful.err()).isEqualTo("Ø [Err: 7] odd\n");
      assertThat(doubtful.out()).endsWith("★ Applied configuration\n");
      assertThat(heard(gateway)).contains("SvcValidateCfg");
      assertThat(heard(gateway)).contains("SvcSetCfg");
    }
    try (var gateway = answering(WRONG, new NetOk())) {
      Typed.Result wrong = hab(gateway, "port = 1\n", apply);
      assertThat(wrong.exit()).isEqualTo(1);
      assertThat(wrong.err()).contains("✗✗✗ [Err: 6] no TOML");
      assertThat(heard(gateway)).contains("SvcValidateCfg");
      assertThat(gateway.unheard()).isZero();
    }
    try (var gateway = answering(new NetOk(), DOUBTFUL)) {
      assertThat(hab(gateway, "port = 1\n", apply).exit()).isEqualTo(1);
    }
  }

  @Test
  void aConfigurationComesFromAFileAsWell() throws Exception {
    Path file = Files.writeString(root.resolve("my.toml"), "port = 2\n");
    try (var gateway = answering(new NetOk(), new NetOk())) {
      assertThat(hab(gateway, "ignored", "config apply web.default@acme 7 " + file).exit())
          .isZero();
      assertThat(heard(gateway)).contains("port = 2\n").contains("acme");
    }
    try (var gateway = answering(new NetOk(), new NetOk())) {
      assertThat(hab(gateway, "port = 3\n", "config apply web.default 7 -").exit()).isZero();
      assertThat(heard(gateway)).contains("port = 3\n");
    }
  }

  @Test
  void moreThanGossipCarriesIsNotSent() throws Exception {
    String most = "#".repeat(65_536);
    Path file = Files.writeString(root.resolve("f"), most);
    try (var gateway = answering(new NetOk(), new NetOk(), new NetOk())) {
      assertThat(hab(gateway, most, "config apply web.default 1").exit()).isZero();
      assertThat(hab(gateway, "", "file upload web.default 1 " + file).exit()).isZero();
    }
    Files.writeString(file, most + "#");
    try (var gateway = silent()) {
      Typed.Result configuration = hab(gateway, most + "#", "config apply web.default 1");
      assertThat(configuration)
          .isEqualTo(
              new Typed.Result(
                  1,
                  "",
                  "✗✗✗\n✗✗✗ Configuration too large. Maximum allowed is 65536 bytes.\n✗✗✗\n"));
      Typed.Result upload = hab(gateway, "", "file upload web.default 1 " + file);
      assertThat(upload)
          .isEqualTo(
              new Typed.Result(
                  1, "", "✗✗✗\n✗✗✗ File too large. Maximum size allowed is 65536 bytes.\n✗✗✗\n"));
      assertThat(gateway.unheard()).isZero();
    }
  }

  @Test
  void anUploadIsNamedByItsLastPartAndADoubtAboutItIsAWarning() throws Exception {
    Path file = Files.writeString(root.resolve("app.lic"), "licence");
    try (var gateway = answering(DOUBTFUL)) {
      Typed.Result upload = hab(gateway, "", "file upload web.default 3 " + file);
      assertThat(upload.exit()).isZero();
      assertThat(upload.err()).isEqualTo("Ø [Err: 7] odd\n");
      assertThat(upload.out())
          .isEqualTo(
              """
              » Uploading file %s to 3 incarnation web.default
              Ω Creating service file
              ↑ Applying via peer %s
              ★ Uploaded file
              """
                  .formatted(file, gateway.address()));
      assertThat(heard(gateway)).contains("app.lic").doesNotContain(root.toString());
    }
    try (var gateway = answering(WRONG)) {
      Typed.Result upload = hab(gateway, "", "file upload web.default 3 " + file);
      assertThat(upload.exit()).isEqualTo(1);
      assertThat(upload.out()).doesNotContain("Uploaded");
    }
  }

  @Test
  void whatIsNoFileIsNotUploaded() throws Exception {
    try (var gateway = silent()) {
      Typed.Result missing = hab(gateway, "", "file upload web.default 3 " + root.resolve("none"));
      assertThat(missing.exit()).isEqualTo(1);
      assertThat(missing.err()).contains("no such file or directory");
      Typed.Result directory = hab(gateway, "", "file upload web.default 3 " + root);
      assertThat(directory.exit()).isEqualTo(1);
      assertThat(directory.err()).contains("found the directory");
      assertThat(gateway.unheard()).isZero();
    }
  }

  @Test
  void theDefaultConfigurationIsPrinted() throws Exception {
    try (var gateway = answering(new ServiceCfg(Optional.of("a = 1\n\n[b]\nc = 2\n")))) {
      assertThat(hab(gateway, "", "config show acme/web"))
          .isEqualTo(new Typed.Result(0, "a = 1\n\n[b]\nc = 2\n", ""));
    }
    try (var gateway = answering(new ServiceCfg(Optional.empty()))) {
      assertThat(hab(gateway, "", "config show acme/web"))
          .isEqualTo(new Typed.Result(0, "", "The package of acme/web has no default.toml.\n"));
    }
    try (var gateway = silent()) {
      Typed.Result cut = hab(gateway, "", "config show acme/web");
      assertThat(cut.exit()).isEqualTo(1);
      assertThat(cut.err()).contains("unexpected end of file");
    }
    try (var gateway = answering(new NetOk())) {
      assertThat(hab(gateway, "", "config show acme/web").err()).contains("Unexpected reply");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sup depart 0123", "file upload web.default 1 %s/f"})
  void noAnswerIsRemarkedUponAndIsNoFailure(String line) throws Exception {
    Files.writeString(root.resolve("f"), "x");
    try (var gateway = silent()) {
      Typed.Result result = hab(gateway, "", line.formatted(root));
      assertThat(result.exit()).isZero();
      assertThat(result.err())
          .isEqualTo(
              "Ø the Supervisor at %s did not say how it ended; look at its output\n"
                  .formatted(gateway.address()));
      assertThat(result.out()).doesNotContain("★");
    }
  }

  @Test
  void aRestartIsDoneWhenTheSupervisorHangsUpOrSaysSo() throws Exception {
    for (ScriptedGateway supervisor : List.of(silent(), answering(new NetOk()))) {
      try (supervisor) {
        Typed.Result restart = hab(supervisor, "", "sup restart");
        assertThat(restart)
            .isEqualTo(
                new Typed.Result(
                    0,
                    "» Restarting supervisor %s\n★ Restart recorded.\n"
                        .formatted(supervisor.address()),
                    ""));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sup depart 0123", "sup restart", "config apply web.default 1", "config show a/b"})
  void anAnswerThatFitsNoQuestionIsAnError(String line) throws Exception {
    try (var gateway = answering(new NetProgress(2, 1))) {
      Typed.Result result = hab(gateway, "", line);
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.err()).contains("Unexpected reply").contains("NetProgress");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sup depart 0123", "sup restart", "config apply web.default 1", "config show a/b"})
  void aSupervisorThatIsNotThereIsTold(String line) throws Exception {
    String address;
    try (var gateway = silent()) {
      address = gateway.address();
    }
    List<String> words = new ArrayList<>(Arrays.asList(line.split(" ")));
    words.addAll(List.of("-r", address));
    Typed.Result result = typed("").hab(words);
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err())
        .contains("Unable to contact the Supervisor. Expected one at " + address);
  }

  /** Numbers and their complaints are the original's. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          config apply web.default notanumber | error: invalid value 'notanumber' for '<VERSION_NUMBER>': invalid digit found in string
          config apply web.default 18446744073709551616 | error: invalid value '18446744073709551616' for '<VERSION_NUMBER>': number too large to fit in target type
          config apply web.default 1 /no/such/file | error: invalid value '/no/such/file' for '[FILE]': is not a valid file or stdin
          config apply web 1                  | error: invalid value 'web' for '<SERVICE_GROUP>': Invalid service group
          config apply a.b.c 1                | error: invalid value 'a.b.c' for '<SERVICE_GROUP>': Invalid service group
          config apply web.default            | error: the following required arguments were not provided:
          config show web                     | error: invalid value 'web' for '<PKG_IDENT>': Invalid package identifier
          file upload web.default 1           | error: the following required arguments were not provided:
          file upload web.@x 1 f              | error: invalid value 'web.@x' for '<SERVICE_GROUP>': Invalid service group
          sup depart                          | error: the following required arguments were not provided:
          sup restart now                     | error: unexpected argument 'now' found
          config apply web.default 1 -r h:x   | error: invalid value 'h:x' for '--remote-sup <REMOTE_SUP>'
          config nonsense                     | error: unrecognized subcommand 'nonsense'
          """)
  void aWrongCommandLineEndsWithTwo(String line, String answer) {
    Typed.Result result = typed("").hab(Arrays.asList(line.strip().split(" +")));
    assertThat(result.err().lines().findFirst().orElse("")).startsWith(answer.strip());
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).endsWith("For more information, try '--help'.\n");
  }
}
