package dev.monarch.cli.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.cli.Typed;
import dev.monarch.cli.ctl.Scene;
import dev.monarch.cli.ctl.ScriptedGateway;
import dev.monarch.crypto.Box;
import dev.monarch.crypto.KeyCache;
import dev.monarch.crypto.KeyException;
import dev.monarch.crypto.KeyPair;
import dev.monarch.crypto.NamedRevision;
import dev.monarch.wire.Decoded.Accepted;
import dev.monarch.wire.control.ControlCodec;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlReply.NetProgress;
import dev.monarch.wire.control.ControlReply.ServiceCfg;
import dev.monarch.wire.control.ControlRequest;
import dev.monarch.wire.control.ControlRequest.SvcSetCfg;
import dev.monarch.wire.control.ErrorCode;
import dev.monarch.wire.control.Frame;
import dev.monarch.wire.control.FrameReader;
import dev.monarch.wire.control.Transaction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
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

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

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
  @Check("supervisor-54")
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

  /** A gateway that takes a configuration and then says these things about its members. */
  private static ScriptedGateway telling(ControlReply.Last last, String... lines)
      throws IOException {
    List<byte[]> second = new ArrayList<>(List.of(Scene.WELCOME));
    for (String line : lines) {
      second.add(
          ControlCodec.frame(Transaction.REQUEST.partialReply(), ConsoleLine.of(line)).encode());
    }
    second.add(ControlCodec.frame(Transaction.REQUEST.lastReply(), last).encode());
    byte[] ok = ControlCodec.frame(Transaction.REQUEST.lastReply(), new NetOk()).encode();
    return new ScriptedGateway(List.of(List.of(Scene.WELCOME, ok), second));
  }

  private static SvcSetCfg set(ScriptedGateway gateway) throws Exception {
    for (int i = 0; i < 3; i++) {
      byte[] _ = gateway.heard();
    }
    var frames = new FrameReader(new ByteArrayInputStream(gateway.heard()));
    if (frames.next(Frame.FRAME_BYTES_MAX).orElseThrow() instanceof Accepted<Frame>(Frame frame, _)
        && ControlCodec.request(frame)
            instanceof Accepted<ControlRequest>(ControlRequest request, _)) {
      return (SvcSetCfg) request;
    }
    throw new AssertionError("expected SvcSetCfg");
  }

  @Test
  void whoWaitsIsToldOfEachMember() throws Exception {
    String[] lines = {
      "web1 (0123): applied version 7",
      "web2 (4567): rejected version 7: expected TOML, found: a",
      "web3 (89ab): timed out, last told of version 6",
      "old (cdef): does not tell, as an original Supervisor"
    };
    NetErr missed = new NetErr(ErrorCode.INTERNAL, "1 rejected it");
    try (var gateway = telling(missed, lines)) {
      Typed.Result waited = hab(gateway, "a = 1\n", "config apply --wait=5 web.default 7");
      assertThat(waited.out().lines())
          .containsExactly(
              "» Setting new configuration version 7 for web.default",
              "Ω Creating service configuration",
              "↑ Applying applying...",
              lines[0],
              lines[1],
              lines[2],
              lines[3]);
      assertThat(waited.err())
          .startsWith("Waiting up to 5 s for the members of web.default\n")
          .contains("✗✗✗ [Err: 0] 1 rejected it");
      assertThat(waited.exit()).isEqualTo(1);
      assertThat(set(gateway).waitSeconds()).hasValue(5);
    }
    try (var gateway = telling(missed, lines)) {
      Typed.Result json = hab(gateway, "a = 1\n", "config apply web.default --wait 7 --json");
      assertThat(json.out())
          .isEqualTo(
              """
              [{"host":"web1","member_id":"0123","outcome":"applied","version":7},
               {"host":"web2","member_id":"4567","outcome":"rejected","version":7,"detail":"expected TOML, found: a"},
               {"host":"web3","member_id":"89ab","outcome":"timed_out","detail":"last told of version 6"},
               {"host":"old","member_id":"cdef","outcome":"does_not_tell","detail":"as an original Supervisor"}]
              """);
      assertThat(json.exit()).isEqualTo(1);
      assertThat(set(gateway).waitSeconds()).hasValue(60);
    }
    try (var gateway = telling(new NetOk(), lines[0])) {
      Typed.Result done = hab(gateway, "a = 1\n", "config apply web.default 7 --wait");
      assertThat(done.exit()).isZero();
      assertThat(done.out()).endsWith(lines[0] + "\n★ Applied configuration\n");
    }
    String after = "web2 (4567): applied version 7";
    try (var gateway =
        telling(new NetOk(), lines[0], "web2 (4567): rejected version 7: a", after)) {
      assertThat(hab(gateway, "", "config apply web.default 7 --wait --json").out())
          .isEqualTo(
              """
              [{"host":"web1","member_id":"0123","outcome":"applied","version":7},
               {"host":"web2","member_id":"4567","outcome":"applied","version":7}]
              """);
    }
    try (var gateway = telling(new NetOk(), "no member runs web.default now")) {
      Typed.Result none = hab(gateway, "", "config apply web.default 7 --wait --json");
      assertThat(none.exit()).isZero();
      assertThat(none.out()).isEqualTo("[]\n");
      assertThat(none.err()).contains("no member runs web.default now");
    }
  }

  @Test
  void anOriginalThatDoesNotWaitIsRemarkedUpon() throws Exception {
    try (var gateway = telling(new NetOk())) {
      Typed.Result original = hab(gateway, "", "config apply web.default 7 --wait");
      assertThat(original.exit()).isZero();
      assertThat(original.err()).contains("does not tell who has applied it");
    }
  }

  @Test
  void aVersionThatChangesNothingIsTold() throws Exception {
    String line = "version 3 changes nothing, because version 4 is in force";
    try (var gateway = telling(new NetOk(), line)) {
      Typed.Result late = hab(gateway, "", "config apply web.default 3");
      assertThat(late.exit()).isZero();
      assertThat(late.out()).endsWith(line + "\n★ Applied configuration\n");
      SvcSetCfg set = set(gateway);
      assertThat(set.takesLines()).isTrue();
      assertThat(set.waitSeconds()).isEmpty();
    }
  }

  // ---- Sealing ----

  private Path keys(String group) throws KeyException {
    Path directory = root.resolve("keys");
    var cache = new KeyCache(directory);
    cache.write(KeyPair.forBoxes("alice", NOW, new SecureRandom()));
    cache.write(KeyPair.forBoxes(group, NOW, new SecureRandom()));
    return directory;
  }

  @ParameterizedTest
  @ValueSource(strings = {"web.default@acme", "web.default"})
  void whoNamesAUserSealsConfigurationAndFilesWhateverTheGroup(String group) throws Exception {
    Path keys = keys(group);
    Path file = Files.writeString(root.resolve("app.lic"), "secret = 1\n");
    try (var gateway = telling(new NetOk())) {
      Typed.Result sealed =
          hab(
              gateway,
              "secret = 1\n",
              "config apply -u alice --cache-key-path " + keys + " " + group + " 1");
      assertThat(sealed.err()).isEmpty();
      assertThat(sealed.exit()).isZero();
      assertThat(sealed.out())
          .matches(
              "(?s)☛ Encrypting Encrypting config \\(user rev = alice-\\d{14}, service rev = "
                  + group
                  + "-\\d{14}\\)\n» Setting.*");
      SvcSetCfg set = set(gateway);
      assertThat(set.encrypted()).isTrue();
      assertThat(Box.parse(set.configuration().toArray()).open(new KeyCache(keys)))
          .asString()
          .isEqualTo("secret = 1\n");
    }
    try (var gateway = answering(new NetOk())) {
      Typed.Result sealed =
          hab(
              gateway,
              "",
              "file upload --user alice --cache-key-path " + keys + " " + group + " 1 " + file);
      assertThat(sealed.exit()).isZero();
      assertThat(sealed.out())
          .containsPattern("☛ Encrypting file as alice-\\d{14} for " + group + "-\\d{14}\n");
      assertThat(heard(gateway)).contains("BOX-1\nalice-").doesNotContain("secret = 1");
    }
  }

  @Test
  void keysAreAlsoFoundWhereTheOriginalPutsThemByMistake() throws Exception {
    Path cache = root.resolve("cache");
    Files.createDirectories(cache.resolve("hab/cache"));
    Files.move(keys("web.default"), cache.resolve("hab/cache/keys"));
    try (var gateway = telling(new NetOk())) {
      assertThat(
              hab(gateway, "", "config apply -u alice --cache-key-path " + cache + " web.default 1")
                  .exit())
          .isZero();
      assertThat(set(gateway).encrypted()).isTrue();
    }
  }

  @Test
  void withoutKeysNothingIsSent() throws Exception {
    try (var gateway = silent()) {
      Typed.Result none =
          hab(gateway, "", "config apply -u bob --cache-key-path " + root + " web.default 1");
      assertThat(none.exit()).isEqualTo(1);
      assertThat(none.out()).isEmpty();
      assertThat(none.err()).contains("bob").contains(root.toString());
      assertThat(gateway.unheard()).isZero();
    }
  }

  @Test
  void whatWouldBeTooLargeWhenSealedIsNotSent() throws Exception {
    Path keys = keys("web.default");
    int most =
        Box.messageBytesMax(
            new NamedRevision("alice", "20260101000000"),
            new NamedRevision("web.default", "20260101000000"),
            Payload.BYTES_MAX);
    String apply = "config apply -u alice --cache-key-path " + keys + " web.default 1";
    try (var gateway = telling(new NetOk())) {
      assertThat(hab(gateway, "#".repeat(most), apply).exit()).isZero();
      assertThat(set(gateway).configuration().size()).isBetween(65_532, 65_536);
    }
    try (var gateway = silent()) {
      Typed.Result large = hab(gateway, "#".repeat(most + 1), apply);
      assertThat(large.exit()).isEqualTo(1);
      assertThat(large.err()).contains("at most " + most + " bytes to seal");
      assertThat(gateway.unheard()).isZero();
    }
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
          config apply web.default 1 --json   | error: the following required arguments were not provided:
          config apply web.default 1 --wait=x | error: invalid value 'x' for '--wait <SECONDS>': expected 0 to 3600 seconds
          config apply web.default 1 --wait=3601 | error: invalid value '3601' for '--wait <SECONDS>': expected 0 to 3600 seconds
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
