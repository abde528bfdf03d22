package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.checks.PackageFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What services and their machine do to a Supervisor, and what the other services notice of it. */
class ServiceFaultsTest {
  private static final String SLEEPS = Service.NOTED + "exec sleep 1000000\n";

  @RegisterExtension final Stage stage = new Stage();

  private static PackageFixture fixture(Supervisor member, String name) {
    return PackageFixture.at(member.root(), name + "/1.0.0/20260101000000").user("root", "root");
  }

  private static Service load(Supervisor member, String name) {
    return new Service(member, name).spec("ident = \"acme/" + name + "\"\n");
  }

  private static void saidOnConsole(Supervisor member, String text) {
    Waiting.until(
        member + " says " + text,
        Service.SOON,
        () -> new Waiting.Look(member.says(text), member.tail()));
  }

  @Test
  void aDiskThatIsFullWhileAServiceIsRenderedCostsTheChangeAndNothingElse() throws IOException {
    Machine.needsRoot("a disk of its own");
    Supervisor member = stage.ours("member");
    Disk disk =
        stage.closing(new Disk(Files.createDirectories(member.root().resolve("hab/svc/web"))));
    for (String name : List.of("web", "other")) {
      fixture(member, "acme/" + name)
          .defaultToml("port = 80")
          .config("app.conf", "port={{cfg.port}}")
          .hook("run", SLEEPS)
          .hook("reconfigure", "#!/bin/sh\ncat {{pkg.svc_config_path}}/app.conf\n")
          .write();
    }
    Service web = load(member, "web");
    Service other = load(member, "other");
    member.up();
    long first = web.awaitRunning();
    other.awaitRunning();

    disk.fill();
    port(member, "web", 81);
    saidOnConsole(member, "web.default(SR): Failed to compile configuration: ");
    assertThat(web.text("config/app.conf")).as("the old one, whole").isEqualTo("port=80");
    port(member, "other", 82);
    saidOnConsole(member, "other.default hook[reconfigure]:(HK): port=82");
    assertThat(web.running()).containsExactly(first);

    disk.free();
    port(member, "web", 83);
    saidOnConsole(member, "web.default hook[reconfigure]:(HK): port=83");
    assertThat(web.everRun()).as("never restarted").containsExactly(first);
    member.assertUnharmed();
  }

  private static void port(Supervisor member, String service, int port) throws IOException {
    Path user = member.root().resolve("hab/user/" + service + "/config/user.toml");
    Files.createDirectories(user.getParent());
    Files.writeString(user, "port = " + port + "\n");
  }

  @Test
  void aServiceThatNeverEndsItsLineOrWritesWithoutEndHarmsNobody() throws IOException {
    Supervisor member = stage.ours("member");
    fixture(member, "acme/flood").hook("run", Service.NOTED + "exec yes >&2\n").write();
    fixture(member, "acme/line")
        .hook("run", Service.NOTED + "head -c 1048576 /dev/zero | tr '\\0' x\nexec sleep 1000000\n")
        .write();
    fixture(member, "acme/other").hook("run", SLEEPS).write();
    member.up();
    Service flood = load(member, "flood");
    flood.awaitRunning();
    load(member, "line").awaitRunning();
    saidOnConsole(member, "line.default(O): xxxxxxxx");
    load(member, "other").awaitRunning();
    assertThat(member.gateway().document("/services").toString()).contains("other");
    assertThat(member.svc("stop", "acme/flood").exit()).isZero();
    Waiting.until(
        "the flood ends",
        Service.SOON,
        () -> new Waiting.Look(flood.running().isEmpty(), flood.running().toString()));
    member.assertUnharmed();
  }

  @Test
  void whatARunHookLeavesBehindWhenItForksAwayIsGoneBeforeItRunsAgain() throws IOException {
    Machine.needsProgram("flock", "util-linux");
    Supervisor member = stage.ours("member");
    fixture(member, "acme/fork")
        .hook(
            "run",
            Service.NOTED
                + """
                exec 9> {{pkg.svc_var_path}}/alone
                flock -n 9 || echo $$ >> {{pkg.svc_var_path}}/second
                sleep 1000000 &
                echo $! > {{pkg.svc_var_path}}/child
                exit 0
                """)
        .write();
    fixture(member, "acme/other").hook("run", SLEEPS).write();
    Service fork = load(member, "fork");
    Service other = load(member, "other");
    member.up();
    long pid = other.awaitRunning();
    awaitSeveralRuns(fork);
    assertThat(fork.file("var/second")).doesNotExist();
    assertThat(member.console()).contains("fork.default(SR): Stopping service, will restart");
    assertThat(member.svc("stop", "acme/fork").exit()).isZero();
    Waiting.until(
        "the last child is gone",
        Service.SOON,
        () ->
            new Waiting.Look(
                !Machine.isRunning(Long.parseLong(fork.text("var/child").strip())), member.tail()));
    assertThat(other.everRun()).containsExactly(pid);
    member.assertUnharmed();
  }

  /**
   * It leaves group and session, gives up its streams and its environment, and its parent ends as
   * soon as it has become what it is to be.
   */
  private static final String FORKS_AWAY =
      """
      (setsid env -i /bin/sh -c '
        echo $$ >> {{pkg.svc_var_path}}/pids
        exec 9> {{pkg.svc_var_path}}/alone
        flock -n 9 || echo $$ >> {{pkg.svc_var_path}}/second
        exec sleep 1000000' < /dev/null > /dev/null 2>&1 &)
      until grep -qx sleep "/proc/$(tail -n 1 {{pkg.svc_var_path}}/pids)/comm"; do
        sleep 0.05
      done 2> /dev/null
      """;

  private static long forkedAwayBy(Service service) {
    Waiting.until(
        "somebody forks away from " + service.name(),
        Service.SOON,
        () -> new Waiting.Look(!service.running().isEmpty(), service.member().tail()));
    return service.running().getFirst();
  }

  @Test
  void aRunHookThatForksAwayAndLeavesEverythingBehindRunsOnceAtATimeAllTheSame()
      throws IOException {
    Machine.needsProgram("flock", "util-linux");
    Supervisor member = stage.ours("member");
    fixture(member, "acme/fork").hook("run", "#!/bin/sh\n" + FORKS_AWAY).write();
    fixture(member, "acme/other").hook("run", SLEEPS).write();
    Service fork = load(member, "fork");
    Service other = load(member, "other");
    member.up();
    long pid = other.awaitRunning();
    awaitSeveralRuns(fork);
    assertThat(fork.file("var/second")).doesNotExist();
    assertThat(fork.running()).hasSizeLessThan(2);
    assertThat(member.console())
        .containsPattern(
            "fork.default\\(ST\\): Terminating what was left in the background: sleep \\(PID:"
                + " [0-9]+\\)");
    assertThat(member.svc("unload", "acme/fork").exit()).isZero();
    Waiting.until(
        "the last one is gone",
        Service.SOON,
        () -> new Waiting.Look(fork.running().isEmpty(), fork.running() + "\n" + member.tail()));
    assertThat(other.everRun()).containsExactly(pid);
    member.assertUnharmed();
  }

  @Test
  void whatOtherHooksLeaveBehindEndsWithTheirServiceAndWhatPostStopLeavesDoesNot()
      throws IOException {
    Supervisor member = stage.ours("member");
    fixture(member, "acme/web")
        .hook("init", "#!/bin/sh\n" + FORKS_AWAY)
        .hook("run", "#!/bin/sh\nexec sleep 1000000\n")
        .hook(
            "post-stop",
            """
            #!/bin/sh
            setsid sleep 1000000 > /dev/null 2>&1 &
            echo $! > {{pkg.svc_var_path}}/after
            """)
        .write();
    Service web = load(member, "web");
    member.up();
    long left = forkedAwayBy(web);
    assertThat(Machine.isRunning(left)).as("while the service runs").isTrue();
    assertThat(member.svc("stop", "acme/web").exit()).isZero();
    web.awaitEnd(left);
    Waiting.until(
        "post-stop has run",
        Service.SOON,
        () -> new Waiting.Look(web.text("var/after").endsWith("\n"), member.tail()));
    long after = Long.parseLong(web.text("var/after").strip());
    saidOnConsole(member, "web.default(ST): Service gracefully terminated");
    assertThat(Machine.isRunning(after)).as("what post-stop started").isTrue();
    Command.of("kill", "" + after).must();
    member.assertUnharmed();
  }

  @Test
  void anNginxThatWasNotToldToStayInTheForegroundIsNeverThereTwice() throws IOException {
    Machine.needsProgram("nginx", "nginx-light");
    Machine.needsProgram("flock", "util-linux");
    Supervisor member = stage.ours("member");
    fixture(member, "acme/nginx")
        .config(
            "nginx.conf",
            """
            pid {{pkg.svc_var_path}}/nginx.pid;
            error_log {{pkg.svc_var_path}}/error.log;
            events {}
            """)
        .hook(
            "run",
            Service.NOTED
                + """
                exec 9> {{pkg.svc_var_path}}/alone
                flock -n 9 || echo $$ >> {{pkg.svc_var_path}}/second
                exec nginx -p {{pkg.svc_var_path}} -c {{pkg.svc_config_path}}/nginx.conf
                """)
        .write();
    Service nginx = load(member, "nginx");
    member.up();
    awaitSeveralRuns(nginx);
    assertThat(nginx.file("var/second")).doesNotExist();
    assertThat(member.console()).contains("left in the background: nginx (PID: ");
    assertThat(member.svc("unload", "acme/nginx").exit()).isZero();
    Waiting.until(
        "its lock is free",
        Service.SOON,
        () ->
            new Waiting.Look(
                Command.of("flock", "-n", nginx.file("var/alone").toString(), "true").run().exit()
                    == 0,
                member.tail()));
    member.assertUnharmed();
  }

  @Test
  void nothingThatTheRingSaysRunsAsAnotherUserOrLiesElsewhere() throws IOException {
    Machine.needsRoot("other users");
    ChainTest.needsOpenWayTo(stage.directory());
    Supervisor member = stage.ours("member");
    fixture(member, "acme/web")
        .user("nobody", "nogroup")
        .config("who", "{{pkg.svc_user}} not {{cfg.svc_user}}")
        .hook("run", Service.NOTED + "exec sleep 1000000\n")
        .write();
    Service web = load(member, "web");
    member.up();
    long first = web.awaitRunning();

    String claim =
        """
        svc_user = 'root'
        svc_group = 'root'
        [pkg]
        svc_user = 'root'
        path = '/tmp'
        [service]
        user = 'root'
        """;
    Command.Ending applied = member.control(claim, "config", "apply", "web.default", "1");
    assertThat(applied.exit()).as(applied.output()).isZero();
    Path run = Files.writeString(stage.directory().resolve("run"), "#!/bin/sh\n");
    Command.Ending uploaded =
        member.control("", "file", "upload", "web.default", "2", run.toString());
    assertThat(uploaded.exit()).as(uploaded.output()).isZero();

    long second = web.awaitOtherThan(first);
    assertThat(web.text("config/who")).isEqualTo("nobody not root");
    assertThat(Files.readString(Path.of("/proc/" + second + "/status")))
        .containsPattern("Uid:\\s+65534\\s+65534");
    Waiting.until(
        "the file is there",
        Service.SOON,
        () -> new Waiting.Look(Files.exists(web.file("files/run")), member.tail()));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(web.file("files/run"))))
        .isEqualTo("rw-r-----");
    assertThat(Files.getOwner(web.file("files/run")).getName()).isEqualTo("nobody");
    assertThat(web.text("run")).contains("exec sleep");
  }

  @Test
  @Check("supervisor-45")
  void hooksAndServicesHaveTheSupplementaryGroupsOfTheirUser() throws IOException {
    Machine.needsRoot("other users");
    Optional<String> user = userOfSeveralGroups();
    Machine.needs(
        user.isPresent(),
        "no user of several groups in /etc/group: the package postgresql makes one");
    ChainTest.needsOpenWayTo(stage.directory());
    Supervisor member = stage.ours("member");
    String group = Command.of("id", "-gn", user.orElseThrow()).must().strip();
    fixture(member, "acme/web")
        .user(user.get(), group)
        .hook("init", "#!/bin/sh\nid -G > {{pkg.svc_var_path}}/init\n")
        .hook("run", Service.NOTED + "id -G > {{pkg.svc_var_path}}/run\nexec sleep 1000000\n")
        .write();
    Service web = load(member, "web");
    member.up();
    web.awaitRunning();

    Set<String> groups = words(Command.of("id", "-G", user.get()).must());
    assertThat(groups).as("groups of " + user.get()).hasSizeGreaterThan(1);
    for (String written : List.of("var/init", "var/run")) {
      Waiting.until(
          written + " names them",
          Service.SOON,
          () -> new Waiting.Look(words(web.text(written)).equals(groups), web.text(written)));
    }
  }

  private static void awaitSeveralRuns(Service service) {
    Waiting.until(
        service.name() + " has run several times",
        Service.SOON,
        () -> new Waiting.Look(service.everRun().size() > 3, service.member().tail()));
  }

  private static Set<String> words(String line) {
    return new HashSet<>(Arrays.asList(line.strip().split(" ")));
  }

  /** Somebody who is named in the line of a group that is not his first. */
  private static Optional<String> userOfSeveralGroups() throws IOException {
    return Files.readAllLines(Path.of("/etc/group")).stream()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length == 4 && !fields[3].isEmpty())
        .map(fields -> fields[3].split(",", -1)[0])
        .filter(name -> !name.equals("root"))
        .findFirst();
  }
}
