package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.checks.PackageFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Services as an operator has them: by commands, by files, and whatever becomes of the parents. */
class ServicesTest {
  private static final String SLEEPS = Service.NOTED + "echo hi\necho ho >&2\nexec sleep 1000000\n";

  /** Long enough that a second start would have been seen. */
  private static final Duration A_WHILE = Duration.ofSeconds(2);

  @RegisterExtension final Stage stage = new Stage();

  @Test
  @Check({
    "supervisor-7",
    "supervisor-10",
    "supervisor-11",
    "supervisor-12",
    "supervisor-20",
    "supervisor-21",
    "supervisor-30",
    "supervisor-84",
    "supervisor-89",
    "control-16",
    "control-17",
    "control-18",
    "control-24",
    "control-25",
    "control-27"
  })
  void commandsLoadStopStartUpdateAndUnloadAService() throws IOException {
    Supervisor member = stage.ours("member");
    Service web = web(member);
    member.up();

    says(member, 0, "The acme/web service was successfully loaded", "load", "acme/web");
    long first = web.awaitRunning();
    assertThat(web.spec())
        .contains("ident = \"acme/web\"\n", "group = \"default\"\n", "channel = \"base\"\n")
        .contains("update_strategy = \"none\"\n", "desired_state = \"up\"\n")
        .containsPattern("\\[health_check_interval]\\s+secs = 30\n");
    assertThat(web.text("config/app.conf")).isEqualTo("port=80");
    for (String file : List.of("MEMBER_ID", "CTL_SECRET", "LOCK", "data", "specs/web.spec")) {
      assertThat(member.file(file)).exists();
    }
    for (String file :
        List.of("PID", "run", "hooks/run", "data", "files", "logs", "static", "var")) {
      assertThat(web.file(file)).exists();
    }
    assertThat(member.root().resolve("hab/launcher/PID")).exists();
    saidOnConsole(member, "web.default(O): hi");
    saidOnConsole(member, "web.default(E): ho");

    String rowOfWeb =
        "acme/web/1\\.0\\.0/20260101000000  +standalone  +up  +up  +[0-9]+ +"
            + first
            + "  +web\\.default";
    List<String> table = member.svc("status").output().lines().toList();
    assertThat(table).hasSize(2);
    assertThat(table.getFirst())
        .matches("package  +type  +desired  +state  +elapsed \\(s\\)  +pid  +group");
    assertThat(table.getLast()).matches(rowOfWeb);
    says(member, 0, "web.default", "status", "acme/web/1.0.0/20260101000000");
    says(member, 2, "[Err: 2] Service not loaded, acme/web/9.9.9", "status", "acme/web/9.9.9");

    String before = web.spec();
    says(member, 1, "[Err: 3] Service already loaded.", "load", "acme/web", "--group", "red");
    assertThat(web.spec()).isEqualTo(before);

    says(member, 0, "Supervisor stopping acme/web", "stop", "acme/web");
    web.awaitEnd(first);
    assertThat(member.svc("stop", "acme/web")).isEqualTo(new Command.Ending(0, ""));
    says(member, 0, "successfully loaded", "load", "acme/web", "--force");
    assertThat(web.spec()).contains("desired_state = \"down\"");
    awaitSaying(member, "<none>", "status", "acme/web");

    says(member, 0, "Supervisor starting acme/web", "start", "acme/web");
    long second = web.awaitOtherThan(first);
    assertThat(member.svc("start", "acme/web")).isEqualTo(new Command.Ending(0, ""));
    assertThat(web.everRun()).containsExactly(first, second);

    says(member, 0, "Updating acme/web", "update", "acme/web", "--channel", "dev");
    says(member, 0, "Updating acme/web", "update", "acme/web", "--strategy", "at-once");
    assertThat(web.spec()).contains("channel = \"dev\"", "update_strategy = \"at-once\"");
    assertThat(web.awaitRunning()).isEqualTo(second);
    says(member, 0, "Updating acme/web", "update", "acme/web", "--group", "blue");
    long third = web.awaitOtherThan(second);
    assertThat(web.everRun()).containsExactly(first, second, third);
    says(member, 0, "web.blue", "status");

    says(member, 0, "Unloading acme/web", "unload", "acme/web");
    web.awaitEnd(third);
    assertThat(web.specFile()).doesNotExist();
    awaitSaying(member, "No services loaded.", "status");
    assertThat(member.stop()).isZero();
  }

  @Test
  @Check({
    "supervisor-27",
    "supervisor-64",
    "control-15",
    "control-19",
    "control-21",
    "control-22",
    "control-26",
    "control-28",
    "control-29"
  })
  void whatCannotBeDoneIsRefusedInOneLineAndChangesNothing() throws IOException {
    Supervisor member = stage.ours("member");
    fixture(member, "acme/library").write();
    fixture(member, "other/web").hook("run", SLEEPS).write();
    fixture(member, "acme/bound").hook("run", SLEEPS).binds("db=port").write();
    fixture(member, "acme/free").hook("run", SLEEPS).bindsOptional("db=port").write();
    fixture(member, "acme/deaf")
        .shutdownTimeout(600)
        .hook("run", Service.NOTED + "trap '' TERM\nwhile :; do sleep 1; done\n")
        .shutdownTimeout(600)
        .write();
    Service deaf = new Service(member, "deaf").spec("ident = \"acme/deaf\"\n");
    Service free =
        new Service(member, "free")
            .spec(
                """
                ident = "acme/free"
                binds = ["db:pg.default"]
                binding_mode = "relaxed"
                """);
    Service web = web(member).spec("ident = \"acme/web\"\n");
    member.up();

    says(member, 1, "[Err: 0] Package is not runnable: ", "load", "acme/library");
    assertThat(new Service(member, "library").specFile()).doesNotExist();
    says(member, 1, "[Err: 3] Service already loaded.", "load", "other/web");
    assertThat(web.spec()).contains("acme/web");
    says(member, 1, "[Err: 7] Missing required bind(s), db", "load", "acme/bound");
    says(
        member,
        1,
        "[Err: 7] Invalid bind(s), x",
        "load",
        "acme/free",
        "-f",
        "--bind",
        "x:pg.default");
    assertThat(new Service(member, "bound").specFile()).doesNotExist();
    assertThat(free.spec()).contains("db:pg.default");
    says(member, 2, "[Err: 2] Service not loaded, acme/none", "status", "acme/none");
    says(member, 1, "[Err: 2] Service not loaded, acme/none", "stop", "acme/none");
    says(member, 1, "[Err: 2] Service not loaded, acme/none", "start", "acme/none");
    says(member, 1, "[Err: 0] Service acme/none not loaded", "unload", "acme/none");
    says(member, 1, "[Err: 0] Service acme/none not loaded", "update", "acme/none", "--group=a");

    long bound = free.awaitRunning();
    says(member, 0, "Updating acme/free", "update", "acme/free", "--bind");
    assertThat(free.spec()).contains("binds = []");
    free.awaitOtherThan(bound);

    long stubborn = deaf.awaitRunning();
    says(member, 0, "Unloading", "unload", "acme/deaf", "--shutdown-timeout", "1");
    // Without the option it would be ten minutes.
    deaf.awaitEnd(stubborn);
    assertThat(deaf.specFile()).doesNotExist();
    assertThat(web.everRun()).hasSize(1);
  }

  @Test
  @Check({"supervisor-23", "supervisor-28"})
  void theCommandLineOverrulesAnOlderSpecAndTheHookGetsThePackagesEnvironment() throws IOException {
    Supervisor member = stage.ours("member").with("acme/web", "--group", "blue");
    fixture(member, "acme/web")
        .hook("run", Service.NOTED + "env | sed 's/^/env: /'\nexec sleep 1000000\n")
        .environment("FOO=1", "PATH=/evil")
        .write();
    Service web =
        new Service(member, "web")
            .spec("ident = \"acme/web\"\ngroup = \"red\"\nchannel = \"dev\"\n");
    member.up();
    web.awaitRunning();
    assertThat(web.spec()).contains("group = \"blue\"");
    saidOnConsole(member, "web.blue(O): env: FOO=1");
    saidOnConsole(member, "web.blue(O): env: PATH=");
    assertThat(member.console()).doesNotContain("/evil").doesNotContain("web.red");
    assertThat(web.everRun()).hasSize(1);
  }

  @Test
  @Check({"supervisor-90", "supervisor-91", "supervisor-95"})
  void aServiceDoesNotNoticeThatItsSupervisorIsReplaced() throws IOException {
    Path exit = stage.directory().resolve("exit-code");
    Supervisor member = stage.ours("member").withEnvironment("HAB_FEAT_TEST_EXIT", exit.toString());
    Service web = web(member).spec("ident = \"acme/web\"\n");
    member.up();
    long pid = web.awaitRunning();

    long first = member.supervisorPid();
    Files.writeString(web.file("PID"), "1");
    Command.of("kill", "-HUP", "" + member.process().pid()).must();
    long second = awaitSupervisorOtherThan(first, member, pid);
    saidOnConsole(member, "Reattaching to web.default");
    assertThat(web.everRun()).containsExactly(pid);

    Path prepared = Files.writeString(stage.directory().resolve("prepared"), "1");
    Files.move(prepared, exit);
    awaitSupervisorOtherThan(second, member, pid);
    Waiting.throughout(
        "web runs once",
        A_WHILE,
        () ->
            new Waiting.Look(
                web.everRun().equals(List.of(pid)) && Machine.isRunning(pid),
                web.everRun().toString()));
    assertThat(member.stop()).isZero();
    assertThat(web.running()).isEmpty();
  }

  @Test
  @Check({"supervisor-39", "supervisor-40"})
  void aServiceIsStoppedByItsOwnSignalAndWithAllItsChildrenByACommandAndByAShutdown()
      throws IOException {
    Supervisor member = stage.ours("member");
    // Children in the background of a shell ignore QUIT.
    fixture(member, "acme/web")
        .shutdownSignal("QUIT")
        .shutdownTimeout(15)
        .hook(
            "run",
            Service.NOTED
                + """
                var={{pkg.svc_var_path}}
                trap 'echo quit >> $var/signals; exit 0' QUIT
                trap 'echo term >> $var/signals; exit 0' TERM
                sleep 1000000 &
                echo $! >> $var/pids
                echo > $var/ready
                while :; do sleep 0.2; done
                """)
        .write();
    Service web = new Service(member, "web").spec("ident = \"acme/web\"\n");
    member.up();
    awaitFile(web.file("var/ready"));
    says(member, 0, "stopping", "stop", "acme/web");
    awaitNoneRunning(web);
    assertThat(web.text("var/signals")).isEqualTo("quit\n");

    Files.delete(web.file("var/ready"));
    says(member, 0, "starting", "start", "acme/web");
    awaitFile(web.file("var/ready"));
    assertThat(web.running()).hasSize(2);
    assertThat(member.stop()).isZero();
    assertThat(web.running()).isEmpty();
    assertThat(web.text("var/signals")).isEqualTo("quit\nquit\n");
    assertThat(member.console()).contains("Hasta la vista, services.");
  }

  @Test
  void nothingIsLeftBehindWhenTheLauncherIsKilledAndNothingRunsTwiceWhenBothAre()
      throws IOException {
    Supervisor member = stage.ours("member");
    Service web = web(member).spec("ident = \"acme/web\"\n");
    member.up();
    long first = web.awaitRunning();
    long supervisor = member.supervisorPid();
    Command.of("kill", "-KILL", "" + member.process().pid()).must();
    web.awaitEnd(first);
    Waiting.until(
        "the Supervisor ends",
        Service.SOON,
        () -> new Waiting.Look(!Machine.isRunning(supervisor), member.tail()));
    assertThat(web.running()).isEmpty();

    member.up();
    long second = web.awaitOtherThan(first);
    Command.of("kill", "-KILL", "" + member.process().pid(), "" + member.supervisorPid()).must();
    member.awaitExit(Service.SOON);
    member.up();
    long third = web.awaitOtherThan(second);
    web.awaitEnd(second);
    assertThat(web.running()).containsExactly(third);
    assertThat(web.everRun()).containsExactly(first, second, third);
  }

  @Test
  @Check("supervisor-6")
  void withoutRightsServicesRunAsTheSupervisorsUserAndAWarningTellsSo() throws IOException {
    Machine.needsRoot("other users");
    Machine.needsProgram("setpriv", "util-linux");
    String nobody = "65534";
    // It may read everything, as the program lies where only its owner can.
    Supervisor member =
        stage
            .ours("member")
            .by(
                "setpriv",
                "--reuid=" + nobody,
                "--regid=" + nobody,
                "--clear-groups",
                "--inh-caps=-all,+dac_read_search",
                "--ambient-caps=+dac_read_search");
    fixture(member, "acme/web").hook("run", SLEEPS).user("daemon", "daemon").write();
    Service web = new Service(member, "web").spec("ident = \"acme/web\"\n");
    Command.of("chown", "-R", nobody + ":" + nobody, member.root().toString()).must();
    member.up();
    long pid = web.awaitRunning();
    assertThat(Files.readString(Path.of("/proc/" + pid + "/status")))
        .containsPattern("Uid:\\s+65534\\s+65534");
    assertThat(member.console())
        .contains("lacks sufficient capabilites to run services as a different user");
  }

  private static Service web(Supervisor member) throws IOException {
    fixture(member, "acme/web")
        .defaultToml("port = 80")
        .config("app.conf", "port={{cfg.port}}")
        .hook("run", SLEEPS)
        .write();
    return new Service(member, "web");
  }

  private static PackageFixture fixture(Supervisor member, String name) {
    return PackageFixture.at(member.root(), name + "/1.0.0/20260101000000").user("root", "root");
  }

  private static void says(Supervisor member, int exit, String text, String... command) {
    Command.Ending ending = member.svc(command);
    assertThat(ending.output()).as(List.of(command).toString()).contains(text);
    assertThat(ending.exit()).as(List.of(command).toString()).isEqualTo(exit);
  }

  /** What is true of a process is told by its Supervisor a moment later. */
  private static void awaitSaying(Supervisor member, String text, String... command) {
    Waiting.until(
        List.of(command) + " tells " + text,
        Service.SOON,
        () -> {
          Command.Ending ending = member.svc(command);
          return new Waiting.Look(
              ending.exit() == 0 && ending.output().contains(text), ending.toString());
        });
  }

  private static void saidOnConsole(Supervisor member, String text) {
    Waiting.until(
        member + " says " + text,
        Service.SOON,
        () -> new Waiting.Look(member.says(text), member.tail()));
  }

  /** Waits for another Supervisor that knows of web's process, and returns its id. */
  private static long awaitSupervisorOtherThan(long former, Supervisor member, long web) {
    Waiting.until(
        "another Supervisor than " + former + " looks after process " + web,
        Supervisor.UP_WITHIN,
        () ->
            new Waiting.Look(
                member.supervisorPid() != former
                    && member
                            .gateway()
                            .document("/services/web/default")
                            .number("process", "pid")
                            .longValue()
                        == web,
                member.tail()));
    return member.supervisorPid();
  }

  private static void awaitFile(Path file) {
    Waiting.until(
        file + " is written",
        Service.SOON,
        () -> new Waiting.Look(Files.exists(file), "no such file"));
  }

  private static void awaitNoneRunning(Service service) {
    Waiting.until(
        "no process of " + service.name() + " runs",
        Service.SOON,
        () -> new Waiting.Look(service.running().isEmpty(), service.running().toString()));
  }
}
