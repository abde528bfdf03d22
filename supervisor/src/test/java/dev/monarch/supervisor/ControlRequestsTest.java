package dev.monarch.supervisor;

import static dev.monarch.supervisor.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.checks.PackageFixture;
import dev.monarch.supervisor.ctl.RawClient;
import dev.monarch.supervisor.http.JsonTree;
import dev.monarch.supervisor.layers.TomlTree;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.ControlCodec;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlReply.ServiceCfg;
import dev.monarch.wire.control.ControlReply.ServiceStatus;
import dev.monarch.wire.control.ControlRequest;
import dev.monarch.wire.control.ControlRequest.SupDepart;
import dev.monarch.wire.control.ControlRequest.SupRestart;
import dev.monarch.wire.control.ControlRequest.SvcFilePut;
import dev.monarch.wire.control.ControlRequest.SvcGetDefaultCfg;
import dev.monarch.wire.control.ControlRequest.SvcLoad;
import dev.monarch.wire.control.ControlRequest.SvcSetCfg;
import dev.monarch.wire.control.ControlRequest.SvcStatus;
import dev.monarch.wire.control.ControlRequest.SvcStop;
import dev.monarch.wire.control.ControlRequest.SvcValidateCfg;
import dev.monarch.wire.control.DesiredState;
import dev.monarch.wire.control.ErrorCode;
import dev.monarch.wire.control.Frame;
import dev.monarch.wire.control.Ident;
import dev.monarch.wire.control.SpecChange;
import dev.monarch.wire.control.Transaction;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole Supervisors, asked through their control gateways (control.md 7.5 to 7.11). */
@Timeout(300)
class ControlRequestsTest {
  private static final ServiceGroup WEB_GROUP = new ServiceGroup("web.default");
  private static final Ident WEB = new Ident("acme", "web");
  private static final String GREETED = "80500000c00000004e65744f6b";

  @TempDir private Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private Path root(String name) {
    return directory.resolve(name);
  }

  private RunningSupervisor start(String name, String... peers) {
    RunningSupervisor started =
        RunningSupervisor.start(
            root(name),
            Map.of(),
            options -> {
              for (String peer : peers) {
                options.give(dev.monarch.supervisor.config.SupervisorOption.PEER, peer);
              }
              return options;
            });
    open.add(started);
    return started.awaitUp();
  }

  private RawClient known(RunningSupervisor supervisor) throws IOException {
    var client = new RawClient(new InetSocketAddress(supervisor.address(), 9632));
    open.add(client);
    client.greet(Files.readString(supervisor.layout().controlSecret()));
    assertThat(client.hear(GREETED.length() / 2)).isEqualTo(GREETED);
    return client;
  }

  private List<ControlReply> ask(RunningSupervisor supervisor, ControlRequest request)
      throws IOException {
    return known(supervisor).ask(request).hearReplies();
  }

  private List<ControlReply> send(RunningSupervisor supervisor, String name, String hex)
      throws IOException {
    byte[] body = HexFormat.of().parseHex(hex.replace(" ", ""));
    return known(supervisor)
        .send(new Frame(Optional.of(Transaction.REQUEST), name, Bytes.of(body)).encode())
        .hearReplies();
  }

  private PackageFixture web(String name) {
    return PackageFixture.at(root(name), "acme/web/1.0.0/20260101000000")
        .hook("run", "#!/bin/sh\nexec sleep 1000\n")
        .defaultToml("port = 80\n[net]\nhost = \"h\"\n")
        .config("app.conf", "port={{cfg.port}}");
  }

  private void load(RunningSupervisor supervisor, Ident ident) throws IOException {
    assertThat(ask(supervisor, new SvcLoad(ident, SpecChange.NONE, Optional.empty(), false)))
        .containsExactly(
            ConsoleLine.of("The " + ident + " service was successfully loaded"), new NetOk());
  }

  private List<ServiceStatus> statuses(RunningSupervisor supervisor) {
    try {
      return ask(supervisor, new SvcStatus(Optional.empty())).stream()
          .filter(ServiceStatus.class::isInstance)
          .map(ServiceStatus.class::cast)
          .toList();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  /** The pid of web. */
  private int awaitUp(RunningSupervisor supervisor) {
    return eventually(
            () ->
                statuses(supervisor).stream()
                    .filter(one -> one.ident().name().equals("web"))
                    .findFirst(),
            found -> found.filter(one -> one.process().pid().isPresent()).isPresent())
        .orElseThrow()
        .process()
        .pid()
        .orElseThrow();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException notYet) {
      return "[" + notYet + "]";
    }
  }

  private void awaitPort(String name, String port) {
    eventually(
        () -> read(root(name).resolve("hab/svc/web/config/app.conf")), ("port=" + port)::equals);
  }

  private static SvcSetCfg set(long version, String toml) {
    return new SvcSetCfg(WEB_GROUP, Bytes.utf8(toml), version, false);
  }

  private static SvcSetCfg waiting(long version, String toml, long seconds) {
    return new SvcSetCfg(
        WEB_GROUP, Bytes.utf8(toml), version, false, true, OptionalLong.of(seconds));
  }

  // ---- Status ----

  @Test
  @Check({"control-13", "control-14"})
  void allServicesAreShownOneAfterTheOther() throws Exception {
    web("one").write();
    PackageFixture.at(root("one"), "acme/db/1.0.0/20260101000000")
        .hook("run", "#!/bin/sh\nexec sleep 1000\n")
        .write();
    RunningSupervisor one = start("one");
    assertThat(known(one).ask(new SvcStatus(Optional.empty())).hearAll())
        .isEqualTo("80500000c00000014e65744f6b");

    load(one, WEB);
    load(one, new Ident("acme", "db"));
    eventually(() -> statuses(one), all -> all.size() == 2);

    RawClient client = known(one).ask(new SvcStatus(Optional.empty()));
    List<Frame> frames = new ArrayList<>();
    for (Optional<Frame> next = client.hearFrame(); next.isPresent(); next = client.hearFrame()) {
      frames.add(next.get());
    }
    assertThat(frames)
        .extracting(frame -> frame.transaction().orElseThrow())
        .containsExactly(new Transaction(1, true, false), new Transaction(1, true, true));
    assertThat(statuses(one))
        .allSatisfy(
            status -> {
              assertThat(status.desiredState()).contains(DesiredState.UP);
              assertThat(status.process()).isNotNull();
            });
    // Field 2 is the process, which an original's command cannot do without.
    assertThat(frames)
        .allSatisfy(
            frame ->
                assertThat(ControlCodec.reply(frame).toString())
                    .contains("process=ServiceProcess"));
  }

  // ---- Default configuration ----

  @Test
  @Check({"control-30", "control-31"})
  void theDefaultConfigurationOfARunningServiceIsShown() throws Exception {
    web("one").write();
    PackageFixture.at(root("one"), "acme/bare/1.0.0/20260101000000")
        .hook("run", "#!/bin/sh\nexec sleep 1000\n")
        .write();
    RunningSupervisor one = start("one");
    assertThat(ask(one, new SvcGetDefaultCfg(WEB)))
        .containsExactly(new NetErr(ErrorCode.NOT_FOUND, "Service not loaded, acme/web"));
    load(one, WEB);
    load(one, new Ident("acme", "bare"));
    awaitUp(one);
    eventually(() -> statuses(one), all -> all.size() == 2);

    assertThat(ask(one, new SvcGetDefaultCfg(WEB)))
        .singleElement()
        .isInstanceOfSatisfying(
            ServiceCfg.class,
            shown ->
                assertThat(shown.text())
                    .hasValueSatisfying(
                        text ->
                            assertThat(tree(text))
                                .isEqualTo(tree("port = 80\n[net]\nhost = \"h\"\n"))));
    assertThat(ask(one, new SvcGetDefaultCfg(new Ident("acme", "bare"))))
        .containsExactly(new ServiceCfg(Optional.empty()));

    ask(one, new SvcStop(WEB, OptionalLong.of(1)));
    eventually(
        () -> {
          try {
            return ask(one, new SvcGetDefaultCfg(WEB)).getFirst();
          } catch (IOException failure) {
            throw new AssertionError(failure);
          }
        },
        new NetErr(ErrorCode.NOT_FOUND, "Service not loaded, acme/web")::equals);
  }

  private static Map<String, Object> tree(String toml) {
    try {
      return TomlTree.parse(toml, "a test");
    } catch (dev.monarch.supervisor.layers.TreeException wrong) {
      throw new AssertionError(wrong);
    }
  }

  // ---- Configuration and files for a group ----

  @Test
  void whoRunsTheGroupDoubtsWhatItsPackageDoesNotKnowAndOthersDoNot() throws Exception {
    web("one").write();
    PackageFixture.at(root("one"), "acme/bare/1.0.0/20260101000000")
        .hook("run", "#!/bin/sh\nexec sleep 1000\n")
        .write();
    RunningSupervisor one = start("one");
    String odd = "prot = 81\nnet.host = 7\nport = 8.5\n";
    assertThat(ask(one, validate("web.default", odd))).containsExactly(new NetOk());
    load(one, WEB);
    load(one, new Ident("acme", "bare"));
    awaitUp(one);

    assertThat(ask(one, validate("web.default", odd)))
        .containsExactly(
            new NetErr(
                ErrorCode.INVALID_PAYLOAD,
                "Configuration is at odds with "
                    + root("one").resolve("hab/pkgs/acme/web/1.0.0/20260101000000/default.toml")
                    + ": prot (expected no such key, found a number), net.host (expected text,"
                    + " found a number); unless that is meant, correct it and apply it with a"
                    + " higher version"));
    assertThat(ask(one, validate("web.default", "port = 81"))).containsExactly(new NetOk());
    assertThat(ask(one, validate("web.other", odd))).containsExactly(new NetOk());
    assertThat(ask(one, validate("bare.default", odd))).containsExactly(new NetOk());

    // A doubt keeps nobody from applying it.
    assertThat(ask(one, set(1, odd))).containsExactly(new NetOk());
    awaitPort("one", "8.5");
  }

  private static SvcValidateCfg validate(String group, String toml) {
    return new SvcValidateCfg(Optional.of(new ServiceGroup(group)), Bytes.utf8(toml));
  }

  @Test
  @Check({"control-33", "control-34"})
  void aHigherVersionIsAppliedAndAnyOtherIsASuccessWithoutEffect() throws Exception {
    web("one").write();
    RunningSupervisor one = start("one");
    assertThat(ask(one, set(5, "port = 85"))).containsExactly(new NetOk());
    load(one, WEB);
    awaitPort("one", "85");

    assertThat(ask(one, set(4, "port = 84"))).containsExactly(new NetOk());
    assertThat(ask(one, set(5, "port = 55"))).containsExactly(new NetOk());
    assertThat(ask(one, set(6, "port = 86"))).containsExactly(new NetOk());
    awaitPort("one", "86");
    assertThat(one.out())
        .contains(
            "(CMD): Setting new configuration version 4 for web.default",
            "(CMD): Version 4 of the configuration of web.default changes nothing, because version"
                + " 5 is in force");
    assertThat(one.get("/census").body()).contains("\"incarnation\":6,\"value\":{\"port\":86}");
  }

  @Test
  void whoTakesLinesIsToldWhichVersionIsInForce() throws Exception {
    RunningSupervisor one = start("one");
    ask(one, set(5, "port = 85"));
    var tooLow =
        new SvcSetCfg(WEB_GROUP, Bytes.utf8("port = 84"), 4, false, true, OptionalLong.empty());
    assertThat(ask(one, tooLow))
        .first()
        .isInstanceOfSatisfying(
            ConsoleLine.class,
            line ->
                assertThat(line.line())
                    .contains("Version 5 of the configuration of web.default is in force"));
    assertThat(ask(one, tooLow)).last().isEqualTo(new NetOk());

    var file = new SvcFilePut(WEB_GROUP, Bytes.utf8("x"), "a.txt", 3, false, true);
    assertThat(ask(one, file)).containsExactly(new NetOk());
    assertThat(ask(one, file))
        .first()
        .isInstanceOfSatisfying(
            ConsoleLine.class,
            line ->
                assertThat(line.line())
                    .contains("Version 3 of the file a.txt of web.default is in force already"));
  }

  @Test
  void aVersionIsUnsignedToTheLastBit() throws Exception {
    RunningSupervisor one = start("one");
    assertThat(ask(one, set(-2, "port = 1"))).containsExactly(new NetOk());
    assertThat(ask(one, set(5, "port = 2"))).containsExactly(new NetOk());
    assertThat(ask(one, set(-1, "port = 3"))).containsExactly(new NetOk());
    assertThat(one.out())
        .contains("version 5 for web.default", "because version 18446744073709551614 is in force");
  }

  @Test
  @Check("control-35")
  void aFileOf65536BytesAppearsAndNoneElsewhere() throws Exception {
    web("one").write();
    RunningSupervisor one = start("one");
    load(one, WEB);
    awaitUp(one);
    byte[] content = new byte[65_536];
    content[7] = 7;
    assertThat(ask(one, new SvcFilePut(WEB_GROUP, Bytes.of(content), "a.bin", 1, false)))
        .containsExactly(new NetOk());
    Path file = root("one").resolve("hab/svc/web/files/a.bin");
    eventually(() -> Files.exists(file), Boolean.TRUE::equals);
    assertThat(file).hasBinaryContent(content);
    assertThat(ask(one, new SvcFilePut(WEB_GROUP, Bytes.of(new byte[65_537]), "b", 1, false)))
        .containsExactly(new NetErr(ErrorCode.ENTITY_TOO_LARGE, "File content too large."));
    for (String path : List.of("../x", "/etc/x", "a/b", "..", "a\\b")) {
      String hex = HexFormat.of().formatHex(Bytes.utf8(path).toArray());
      assertThat(
              send(
                  one,
                  "SvcFilePut",
                  "0a0e 0a03776562 120764656661756c74 12017a 1a%02x%s 2001"
                      .formatted(path.length(), hex)))
          .as(path)
          .singleElement()
          .isInstanceOfSatisfying(
              NetErr.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.BAD_PAYLOAD));
    }
    assertThat(root("one").resolve("hab/svc/web/x")).doesNotExist();
  }

  @Test
  void whatLacksAFieldIsOutOfDateAndWhatIsNoGroupIsRefused() throws Exception {
    RunningSupervisor one = start("one");
    for (String name : List.of("SvcSetCfg", "SvcFilePut", "SvcValidateCfg", "SupDepart")) {
      assertThat(send(one, name, ""))
          .as(name)
          .containsExactly(new NetErr(ErrorCode.UPDATE_CLIENT, "client out of date"));
    }
    assertThat(send(one, "SvcSetCfg", "0a08 0a03612e62 120163 1200 1801"))
        .singleElement()
        .isInstanceOfSatisfying(
            NetErr.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.BAD_PAYLOAD));
    assertThat(one.get("/census").statusCode()).isEqualTo(200);
  }

  // ---- Waiting for a group ----

  @Test
  void whoWaitsHearsOfEachMemberAsItAppliesTheVersion() throws Exception {
    web("one").write();
    web("two").write();
    RunningSupervisor one = start("one");
    RunningSupervisor two = start("two", one.address());
    load(one, WEB);
    load(two, WEB);
    awaitUp(one);
    awaitUp(two);
    eventually(() -> one.get("/census").body(), text -> text.split("\"outcome\"", -1).length == 3);

    List<ControlReply> replies = ask(one, waiting(7, "port = 87", 60));

    assertThat(replies).last().isEqualTo(new NetOk());
    assertThat(lines(replies))
        .containsExactlyInAnyOrder(
            hostname() + " (" + one.memberId() + "): applied version 7\n",
            hostname() + " (" + two.memberId() + "): applied version 7\n");
    awaitPort("one", "87");
    awaitPort("two", "87");
    assertThat(one.get("/census").body())
        .contains(
            "\"monarch\":{\"applied_configuration\":{\"version\":7,\"outcome\":\"applied\",\"reason\":null}}");

    // The same again changes nothing, and everybody has it.
    assertThat(ask(one, waiting(7, "port = 87", 60))).last().isEqualTo(new NetOk());
    assertThat(ask(one, waiting(6, "port = 86", 60)))
        .last()
        .isEqualTo(
            new NetErr(
                ErrorCode.CONFLICT,
                "nobody will apply version 6 of web.default, because version 7 is in force"));
  }

  @Test
  void whoWaitsHearsOfRejectionsAndOfNobody() throws Exception {
    web("one").write();
    RunningSupervisor one = start("one");
    assertThat(ask(one, waiting(1, "port = 81", 60)))
        .containsExactly(
            ConsoleLine.of("no member runs web.default now; who joins will apply it"), new NetOk());
    load(one, WEB);
    awaitUp(one);
    eventually(() -> one.get("/census").body(), text -> text.contains("\"outcome\""));
    List<ControlReply> replies = ask(one, waiting(2, "port =", 60));
    assertThat(lines(replies))
        .singleElement()
        .asString()
        .contains("rejected version 2: expected TOML in the configuration applied as version 2");
    assertThat(replies)
        .last()
        .isInstanceOfSatisfying(
            NetErr.class, error -> assertThat(error.message()).contains("1 rejected it"));
  }

  @Test
  void whoLeavesWaitsNoLongerAndTheConfigurationStays() throws Exception {
    web("one").binds("db=port").write();
    RunningSupervisor one = start("one");
    // Its bind is never satisfied, so that it is never rendered.
    Files.writeString(
        one.layout().spec("web"), "ident = \"acme/web\"\nbinds = [\"db:db.default\"]\n");
    eventually(() -> one.get("/census").body(), text -> text.contains("\"outcome\":\"none\""));
    RawClient leaving = known(one).ask(waiting(7, "port = 87", 3600));
    eventually(() -> one.get("/census").body(), text -> text.contains("{\"port\":87}"));
    assertThat(one.get("/metrics").body()).doesNotContain("SvcSetCfg");

    leaving.close();

    // Commands are counted when they are over.
    eventually(() -> one.get("/metrics").body(), text -> text.contains("SvcSetCfg"));
    assertThat(one.get("/census").body()).contains("{\"port\":87}");
  }

  private static List<String> lines(List<ControlReply> replies) {
    return replies.stream()
        .filter(ConsoleLine.class::isInstance)
        .map(line -> ((ConsoleLine) line).line())
        .toList();
  }

  private static String hostname() {
    return dev.monarch.supervisor.manager.SysFacts.hostnameOfMachine();
  }

  // ---- The Supervisor itself ----

  @Test
  @Check("control-36")
  void anyMemberMayBeMadeToDepart() throws Exception {
    RunningSupervisor one = start("one");
    assertThat(ask(one, new SupDepart("0123456789abcdef0123456789abcdef")))
        .containsExactly(new NetOk());
    assertThat(one.out()).contains("(CMD): Attempting to depart member: 0123456789abcdef");
    assertThat(JsonTree.object(one.get("/butterfly").body()).get("departure"))
        .asString()
        .contains("0123456789abcdef0123456789abcdef");
  }

  @Test
  @Check("butterfly-50")
  void aDepartureReachesAMemberThatWasAwayWhenItReturns() throws Exception {
    RunningSupervisor one = start("one");
    RunningSupervisor two = start("two", one.address());
    String id = two.memberId();
    eventually(() -> one.healthOf(id), "Alive"::equals);
    assertThat(two.stop()).isZero();
    eventually(() -> one.healthOf(id), "Departed"::equals);

    assertThat(ask(one, new SupDepart(id))).containsExactly(new NetOk());

    RunningSupervisor back =
        RunningSupervisor.start(
            root("two"),
            two.address(),
            Map.of(),
            options ->
                options.give(dev.monarch.supervisor.config.SupervisorOption.PEER, one.address()));
    open.add(back);
    assertThat(back.awaitExit()).isEqualTo(Supervisor.EXIT_FAILED);
    assertThat(back.out()).contains("made to depart from its ring by an operator");
  }

  @Test
  @Check("control-37")
  void aRestartIsAnsweredAndServicesKeepTheirProcesses() throws Exception {
    web("one").write();
    RunningSupervisor one = start("one");
    load(one, WEB);
    int pid = awaitUp(one);
    assertThat(ask(one, new SupRestart())).containsExactly(new NetOk());
    eventually(one::out, text -> text.split("Starting http-gateway on ", -1).length == 3);
    assertThat(awaitUp(one)).isEqualTo(pid);
    assertThat(one.out()).contains("Supervisor shutting down for restart");
  }
}
