package dev.monarch.cli.svc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.cli.Typed;
import dev.monarch.cli.ctl.ScriptedGateway;
import dev.monarch.supervisor.ctl.ControlCommands;
import dev.monarch.supervisor.ctl.ControlGateway;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.BindingMode;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlReply.NetProgress;
import dev.monarch.wire.control.ControlReply.ServiceProcess;
import dev.monarch.wire.control.ControlReply.ServiceStatus;
import dev.monarch.wire.control.ControlRequest;
import dev.monarch.wire.control.ControlRequest.SvcLoad;
import dev.monarch.wire.control.ControlRequest.SvcStatus;
import dev.monarch.wire.control.ControlRequest.SvcUpdate;
import dev.monarch.wire.control.DesiredState;
import dev.monarch.wire.control.ErrorCode;
import dev.monarch.wire.control.Ident;
import dev.monarch.wire.control.ProcessState;
import dev.monarch.wire.control.ServiceBind;
import dev.monarch.wire.control.SpecChange;
import dev.monarch.wire.control.Topology;
import dev.monarch.wire.control.UpdateCondition;
import dev.monarch.wire.control.UpdateStrategy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands against our own gateway, over a real socket. */
class SvcCommandsTest {
  private static final Ident WEB = new Ident("acme", "web");
  private static final byte[] WELCOME = HexFormat.of().parseHex("80500000c00000004e65744f6b");

  @TempDir Path root;
  private final List<ControlRequest> asked = new CopyOnWriteArrayList<>();
  private ControlCommands commands = (request, partial) -> new NetOk();
  private ControlGateway gateway;

  @BeforeEach
  void listen() throws Exception {
    gateway =
        ControlGateway.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            "s3cret",
            (request, partial) -> {
              asked.add(request);
              return commands.handle(request, partial);
            });
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  private Typed typed() {
    return new Typed()
        .with("FS_ROOT", root.toString())
        .with("HOME", root.toString())
        .with("HAB_CTL_SECRET", "s3cret");
  }

  private Typed.Result svc(Typed typed, String line) {
    List<String> words = new ArrayList<>(List.of("svc"));
    words.addAll(Arrays.asList(line.split(" ")));
    words.addAll(List.of("-r", "127.0.0.1:" + gateway.address().getPort()));
    return typed.hab(words);
  }

  private Typed.Result svc(String line) {
    return svc(typed(), line);
  }

  private SpecChange update(String line) {
    Typed.Result result = svc("update acme/web " + line);
    assertThat(result.err()).isEmpty();
    SvcUpdate request = (SvcUpdate) asked.getLast();
    assertThat(request.ident()).isEqualTo(WEB);
    return request.change();
  }

  @Test
  @Check({"control-57", "supervisor-89"})
  void anUpdateSaysWhatWasTypedAndNoMore() {
    assertThat(update("--strategy at-once"))
        .isEqualTo(
            new SpecChange(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(UpdateStrategy.AT_ONCE),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty()));
  }

  @Test
  void anUpdateCanSayAllThereIs() {
    assertThat(
            update(
                "--channel dev -u http://h --group blue -t leader -s rolling --update-condition"
                    + " track-channel --bind db:db.prod --bind mq:mq.a@org --binding-mode relaxed"
                    + " -i 7 --shutdown-timeout 4294967295"))
        .isEqualTo(
            new SpecChange(
                Optional.of(
                    List.of(
                        new ServiceBind("db", new ServiceGroup("db.prod")),
                        new ServiceBind("mq", new ServiceGroup("mq.a@org")))),
                Optional.of(BindingMode.RELAXED),
                Optional.of("http://h/"),
                Optional.of("dev"),
                Optional.of("blue"),
                Optional.empty(),
                Optional.of(Topology.LEADER),
                Optional.of(UpdateStrategy.ROLLING),
                Optional.of(UpdateCondition.TRACK_CHANNEL),
                OptionalLong.of(7),
                OptionalLong.of(4_294_967_295L)));
  }

  @Test
  void aBindWithoutAValueTakesAllBindsAway() {
    assertThat(update("--bind --group blue").binds()).contains(List.of());
  }

  @Test
  void severalBindsMayBeOneValue() {
    Typed.Result result =
        typed()
            .hab(
                "svc",
                "update",
                "acme/web",
                "--bind=a:b.c d:e.f",
                "-r",
                "127.0.0.1:" + gateway.address().getPort());
    assertThat(result.exit()).isZero();
    assertThat(((SvcUpdate) asked.getFirst()).change().binds().orElseThrow()).hasSize(2);
  }

  @Test
  void anUpdateOfNothingIsAWrongCommandLine() {
    Typed.Result result = svc("update acme/web");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: No fields specified for update");
    assertThat(asked).isEmpty();
  }

  @Test
  void aLoadTakesTheBuilderFromTheEnvironment() {
    svc(typed().with("HAB_DEPOT_URL", "http://old"), "load acme/web");
    svc(
        typed().with("HAB_DEPOT_URL", "http://old").with("HAB_BLDR_URL", "http://b"),
        "load a/b -f");
    assertThat(asked)
        .extracting(request -> ((SvcLoad) request).change().builderUrl().orElseThrow())
        .containsExactly("http://old", "http://b");
    assertThat(asked)
        .extracting(request -> ((SvcLoad) request).force())
        .containsExactly(false, true);
  }

  /** The first lines were captured from the original (vectors, usage-errors). */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          load                                    | error: the following required arguments were not provided:
          load one                                | error: invalid value 'one' for '<PKG_IDENT>': Invalid package identifier: "one".
          load a/b/c/d/e                          | error: invalid value 'a/b/c/d/e' for '<PKG_IDENT>': Invalid package identifier: "a/b/c/d/e".
          load acme/web --topology ring           | error: invalid value 'ring' for '--topology <TOPOLOGY>'
          load acme/web --strategy never          | error: invalid value 'never' for '--strategy <STRATEGY>'
          load acme/web --bind bad                | error: invalid value 'bad' for '--bind <BIND>...': Invalid binding 'bad'
          load acme/web --bind a:b:c.d            | error: invalid value 'a:b:c.d' for '--bind <BIND>...': Invalid binding
          load acme/web --group a.b               | error: invalid value 'a.b' for '--group <GROUP>'
          load acme/web --url nonsense            | error: invalid value 'nonsense' for '--url <BLDR_URL>'
          load acme/web --health-check-interval x | error: invalid value 'x' for '--health-check-interval <HEALTH_CHECK_INTERVAL>': invalid digit found in string
          load acme/web --shutdown-timeout 4294967296 | error: invalid value '4294967296' for '--shutdown-timeout <SHUTDOWN_TIMEOUT>'
          stop acme/web --shutdown-timeout -1     | error:
          status --no-such-flag                   | error: unexpected argument '--no-such-flag' found
          nonsense                                | error: unrecognized subcommand 'nonsense'
          status -r h:99999                       | error: invalid value 'h:99999' for '--remote-sup <REMOTE_SUP>'
          status --remote-sup no-such-host.invalid | error: invalid value 'no-such-host.invalid' for '--remote-sup <REMOTE_SUP>': Failed to resolve ctl address 'no-such-host.invalid': \
          """)
  void aWrongCommandLineIsAnsweredInTheOriginalsFormAndEndsWithTwo(String line, String answer) {
    List<String> words = new ArrayList<>(List.of("svc"));
    words.addAll(Arrays.asList(line.strip().split(" +")));
    Typed.Result result = typed().hab(words);
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines().findFirst().orElse("")).startsWith(answer.strip());
    assertThat(result.err()).endsWith("For more information, try '--help'.\n");
  }

  @Test
  @Check("supervisor-82")
  void anotherSecretIsTold() {
    for (String line : List.of("status", "load acme/web", "stop acme/web")) {
      Typed.Result result = svc(typed().with("HAB_CTL_SECRET", "other"), line);
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.err()).contains("[Err: 4] secret key mismatch");
    }
  }

  @Test
  @Check("control-50")
  void theSecretIsLookedForInThreePlaces() throws Exception {
    Path settings = Files.createDirectories(root.resolve("hab/etc")).resolve("cli.toml");
    Files.createDirectories(root.resolve(".hab/etc"));
    Path supervisor = Files.createDirectories(root.resolve("hab/sup/default"));
    Files.writeString(supervisor.resolve("CTL_SECRET"), "from the tree\r\n");
    for (Path file : List.of(settings, root.resolve(".hab/etc/cli.toml"))) {
      Files.writeString(file, "ctl_secret = 'from the settings'\n");
    }
    assertThat(secretOf(typed().with("HAB_CTL_SECRET", "from the environment")))
        .isEqualTo("from the environment");
    assertThat(secretOf(typed().with("HAB_CTL_SECRET", ""))).isEqualTo("from the settings");
    for (Path file : List.of(settings, root.resolve(".hab/etc/cli.toml"))) {
      Files.writeString(file, "");
    }
    assertThat(secretOf(typed().with("HAB_CTL_SECRET", ""))).isEqualTo("from the tree");
    Files.delete(supervisor.resolve("CTL_SECRET"));
    assertThat(secretOf(typed().with("HAB_CTL_SECRET", ""))).isEmpty();
  }

  private static String secretOf(Typed typed) throws Exception {
    try (var scripted = ScriptedGateway.of(List.of(WELCOME, new byte[0]))) {
      typed.hab("svc", "start", "acme/web", "-r", scripted.address());
      byte[] handshake = scripted.heard();
      // Header, transaction, name, and the field's key and length.
      return new String(handshake, 4 + 4 + 9 + 2, handshake.length - 19, UTF_8);
    }
  }

  @Test
  void theAddressIsTakenFromTheSettingsIfNotTyped() throws Exception {
    for (String directory : List.of("hab/etc", ".hab/etc")) {
      Files.writeString(
          Files.createDirectories(root.resolve(directory)).resolve("cli.toml"),
          "listen_ctl = '127.0.0.1:%d'\n".formatted(gateway.address().getPort()));
    }
    assertThat(typed().hab("svc", "start", "acme/web").exit()).isZero();
    assertThat(asked).hasSize(1);
  }

  @Test
  void theSecretIsNotSentInClearWhereTlsIsWanted() throws Exception {
    for (String directory : List.of("hab/etc", ".hab/etc")) {
      Files.writeString(
          Files.createDirectories(root.resolve(directory)).resolve("cli.toml"),
          "ctl_server_ca_certificate = '/ca.pem'\n");
    }
    Typed.Result result = svc("start acme/web");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("ctl_server_ca_certificate").contains("found no /ca.pem");
    assertThat(asked).isEmpty();
  }

  @Test
  @Check({"control-54", "supervisor-83"})
  void withoutASupervisorTheRemedyIsTold() throws Exception {
    int free;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    Typed.Result start = typed().hab("svc", "start", "acme/web", "-r", "127.0.0.1:" + free);
    assertThat(start.exit()).isEqualTo(1);
    assertThat(start.err())
        .contains("✗✗✗ Unable to contact the Supervisor. Expected one at 127.0.0.1:" + free)
        .contains("'hab sup run'");
    Typed.Result status = typed().hab("svc", "status", "-r", "127.0.0.1:" + free);
    assertThat(status.exit()).isEqualTo(3);
    assertThat(status.err()).isEqualTo(start.err());
  }

  @Test
  @Check("control-49")
  void aRefusalGoesToStandardError() {
    commands = (request, partial) -> new NetErr(ErrorCode.NOT_FOUND, "Service not loaded, a/b");
    Typed.Result start = svc("start a/b");
    assertThat(start.exit()).isEqualTo(1);
    assertThat(start.out()).isEmpty();
    assertThat(start.err()).isEqualTo("✗✗✗\n✗✗✗ [Err: 2] Service not loaded, a/b\n✗✗✗\n");
    assertThat(svc("status a/b").exit()).isEqualTo(2);
  }

  @Test
  @Check({"control-47", "control-55"})
  void aTextIsPrintedAsItIs() {
    commands =
        (request, partial) -> {
          partial.accept(new ConsoleLine("» Installing", Optional.of("Yellow"), true));
          partial.accept(new ConsoleLine(" it\n", Optional.empty(), false));
          partial.accept(new NetProgress(10, 5));
          return new NetOk();
        };
    assertThat(svc("load acme/web")).isEqualTo(new Typed.Result(0, "» Installing it\n", ""));
    assertThat(svc(typed().onTerminal(), "load acme/web").out())
        .startsWith("\u001b[1m\u001b[33m» Installing\u001b[0m it\n")
        .contains("50 %");
    assertThat(svc(typed().onTerminal().with("TERM", "dumb"), "load acme/web").out())
        .isEqualTo("» Installing it\n");
  }

  @Test
  @Check("control-48")
  void anAnswerThatNeverCameIsRemarkedUpon() throws Exception {
    try (var scripted = ScriptedGateway.of(List.of(WELCOME, new byte[0]))) {
      Typed.Result load = typed().hab("svc", "load", "acme/web", "-r", scripted.address());
      assertThat(load.exit()).isZero();
      assertThat(load.err()).contains("did not say how it ended");
    }
    try (var scripted = ScriptedGateway.of(List.of(WELCOME, new byte[0]))) {
      Typed.Result status = typed().hab("svc", "status", "-r", scripted.address());
      assertThat(status.exit()).isEqualTo(1);
      assertThat(status.err()).contains("unexpected end of file");
    }
  }

  @Test
  void aConnectionThatClosesBeforeItsGreetingIsTold() throws Exception {
    try (var scripted = ScriptedGateway.of(List.of(new byte[0]))) {
      Typed.Result status = typed().hab("svc", "status", "-r", scripted.address());
      assertThat(status.exit()).isEqualTo(1);
      assertThat(status.err()).contains("The connection was unexpectedly closed.");
    }
  }

  @Test
  void aGatewayWithTlsIsTold() throws Exception {
    byte[] alert = HexFormat.of().parseHex("15030300020232");
    try (var scripted = ScriptedGateway.of(List.of(alert))) {
      Typed.Result status = typed().hab("svc", "status", "-r", scripted.address());
      assertThat(status.exit()).isEqualTo(1);
      assertThat(status.err()).contains("expected a control gateway without TLS");
    }
  }

  @Test
  @Check("control-56")
  void silenceIsNotWaitedForForEver() throws Exception {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      long before = System.nanoTime();
      Typed.Result result =
          typed().hab("svc", "status", "-r", "127.0.0.1:" + silent.getLocalPort());
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.err()).contains("client timed out");
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isBetween(Duration.ofMillis(9_900), Duration.ofSeconds(60));
    }
  }

  private static ServiceStatus status(String ident, String group, int pid) {
    return new ServiceStatus(
        Ident.parse(ident).orElseThrow(),
        new ServiceProcess(
            OptionalLong.of(pid),
            pid > 0 ? OptionalInt.of(pid) : OptionalInt.empty(),
            pid > 0 ? ProcessState.UP : ProcessState.DOWN),
        new ServiceGroup(group),
        pid > 0 ? Optional.of(DesiredState.UP) : Optional.empty());
  }

  private void threeServices() {
    commands =
        (request, partial) -> {
          partial.accept(status("acme/web/1.2.3/20260102030405", "web.default", 4242));
          partial.accept(status("acme/db/10.1/20260101000000", "db.prod@acme", 0));
          return status("a/b/1/2", "b.c", 7);
        };
  }

  @Test
  @Check({"control-53", "supervisor-84"})
  void servicesAreATable() {
    threeServices();
    String table =
        """
        package                        type        desired  state  elapsed (s)  pid     group
        acme/web/1.2.3/20260102030405  standalone  up       up     4242         4242    web.default
        acme/db/10.1/20260101000000    standalone  <none>   down   0            <none>  db.prod@acme
        a/b/1/2                        standalone  up       up     7            7       b.c
        """;
    assertThat(svc("status")).isEqualTo(new Typed.Result(0, table, ""));
    Typed.Result alias =
        typed().hab("sup", "status", "-r", "127.0.0.1:" + gateway.address().getPort());
    assertThat(alias.out()).isEqualTo(table);
  }

  /** Most forms go without the parser; these do not. */
  @Test
  void theParserAnswersWhatThePlainFormDoes() {
    threeServices();
    String address = "127.0.0.1:" + gateway.address().getPort();
    Typed.Result plain = typed().hab("svc", "status", "acme/web", "-r", address);
    assertThat(typed().hab("svc", "status", "-r" + address, "acme/web")).isEqualTo(plain);
    assertThat(typed().hab("svc", "status", "--remote-sup=" + address, "--", "acme/web"))
        .isEqualTo(plain);
    assertThat(typed().hab("svc", "status", "--remote-sup=" + address, "acme/web"))
        .isEqualTo(plain);
    assertThat(asked).hasSize(4).containsOnly(new SvcStatus(Optional.of(WEB)));
    for (List<String> wrong :
        List.of(
            List.of("acme/web", "acme/db"),
            List.of("--json", "--json"),
            List.of("-r"),
            List.of("-r", address, "-r", address),
            List.of("web"))) {
      List<String> words = new ArrayList<>(List.of("svc", "status"));
      words.addAll(wrong);
      Typed.Result answer = typed().hab(words);
      assertThat(answer.exit()).as("%s", wrong).isEqualTo(2);
      assertThat(answer.err()).startsWith("error: ");
    }
  }

  @Test
  void servicesAreJsonForPrograms() {
    threeServices();
    assertThat(svc("status --json").out())
        .isEqualTo(
            """
            [{"package":"acme/web/1.2.3/20260102030405","desired":"up","state":"up","elapsed_seconds":4242,"pid":4242,"group":"web.default"},
             {"package":"acme/db/10.1/20260101000000","state":"down","elapsed_seconds":0,"group":"db.prod@acme"},
             {"package":"a/b/1/2","desired":"up","state":"up","elapsed_seconds":7,"pid":7,"group":"b.c"}]
            """);
    commands = (request, partial) -> new NetOk();
    assertThat(svc("status --json").out()).isEqualTo("[]\n");
    assertThat(svc("status").out()).isEqualTo("No services loaded.\n");
  }
}
