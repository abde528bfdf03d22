package dev.monarch.supervisor.manager;

import static dev.monarch.supervisor.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.crypto.Box;
import dev.monarch.crypto.BoxPublicKey;
import dev.monarch.crypto.BoxSecretKey;
import dev.monarch.crypto.KeyException;
import dev.monarch.crypto.KeyPair;
import dev.monarch.supervisor.http.ServiceSnapshot;
import dev.monarch.supervisor.service.RestartSettings;
import dev.monarch.supervisor.service.ServiceHealth;
import dev.monarch.supervisor.service.ServiceState;
import dev.monarch.supervisor.service.ServiceStatus.LastProcess;
import dev.monarch.supervisor.service.TerminationReason;
import dev.monarch.wire.AppliedConfiguration;
import dev.monarch.wire.Health;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.ServiceRumor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagerTest {
  private static final Instant MADE = Instant.parse("2026-01-02T03:04:05Z");

  private final KeyPair<BoxPublicKey, BoxSecretKey> alice =
      KeyPair.forBoxes("alice", MADE, new SecureRandom());
  private final KeyPair<BoxPublicKey, BoxSecretKey> web =
      KeyPair.forBoxes("web.default", MADE, new SecureRandom());

  @TempDir private Path root;
  private LivingServices services;

  @BeforeEach
  void open() throws Exception {
    services = new LivingServices(root);
  }

  @AfterEach
  void close() {
    services.close();
  }

  private int pid() {
    return services.awaitUp("web");
  }

  private static Optional<TerminationReason> lastReason(ServiceSnapshot shown) {
    return shown.status().lastProcess().map(LastProcess::reason);
  }

  // ---- Specs ----

  @Test
  @Check("supervisor-13")
  void aSpecThatIsDroppedInStartsItsService() throws Exception {
    services.web().write();
    services.start();
    assertThat(services.manager().services()).isEmpty();

    services.load("acme/web");

    assertThat(LivingServices.isAlive(pid())).isTrue();
    assertThat(services.svc("web/PID")).hasContent(Integer.toString(pid()));
  }

  @Test
  @Check("supervisor-14")
  void aSpecThatIsDeletedStopsItsServiceForGood() throws Exception {
    services.web().write();
    services.load("acme/web");
    services.start();
    int pid = pid();

    services.deleteSpec("web");

    services.awaitGone("web");
    assertThat(LivingServices.isAlive(pid)).isFalse();
    services.awaitNoFile(services.svc("web/PID"));
  }

  @Test
  void aServiceThatIsLoadedAgainWaitsForWhatTheFormerOneStillDoesAndKeepsItsPidFile()
      throws Exception {
    services.web().write();
    services.pkg("acme/other/1.0.0/20260101000000").write();
    services.load("acme/web");
    services.start();
    pid();
    // What comes after this line waits behind it.
    var heard = new CountDownLatch(1);
    services.holdUpWhoSays("Reloading user-config failed", heard);
    LivingServices.write(services.layout().userToml("web"), "port = = 1");
    services.awaitLine("Reloading user-config failed");
    services.deleteSpec("web");
    services.awaitGone("web");
    assertThat(services.svc("web/PID")).as("its removal waits").exists();
    Files.delete(services.layout().userToml("web"));

    services.load("acme/web");
    services.load("acme/other");
    services.awaitUp("other");
    assertThat(services.await("web", one -> true).status().state())
        .isEqualTo(ServiceState.PREPARING);
    heard.countDown();
    assertThat(services.svc("web/PID")).hasContent("" + services.awaitUp("web"));
  }

  @Test
  @Check("supervisor-15")
  void aServiceFollowsItsDesiredState() throws Exception {
    services.web().write();
    services.load("acme/web");
    services.start();
    int first = pid();

    services.load("acme/web", "desired_state = \"down\"");
    services.awaitState("web", ServiceState.DOWN);
    assertThat(LivingServices.isAlive(first)).isFalse();

    services.load("acme/web", "desired_state = \"up\"");
    assertThat(pid()).isNotEqualTo(first);
  }

  @Test
  @Check("supervisor-16")
  void anotherChannelIsTakenOverWithoutARestart() throws Exception {
    services.web().write();
    services.load("acme/web");
    services.start();
    int pid = pid();

    services.load("acme/web", "channel = \"dev\"");

    services.await("web", one -> one.spec().channel().equals("dev"));
    assertThat(pid()).isEqualTo(pid);
  }

  @Test
  @Check("supervisor-17")
  void anotherGroupRestartsTheService() throws Exception {
    services.web().write();
    services.load("acme/web");
    services.start();
    int pid = pid();

    services.load("acme/web", "group = \"blue\"");

    services.await(
        "web",
        one ->
            one.group().text().equals("web.blue")
                && one.status().process().filter(now -> now != pid).isPresent());
    assertThat(LivingServices.isAlive(pid)).isFalse();
  }

  @Test
  @Check({"supervisor-18", "supervisor-19"})
  void filesInErrorAreNamedAndTheOthersRun() throws Exception {
    services.web().write();
    services.spec("other", "ident = \"acme/web\"");
    services.spec("broken", "ident = = 1");
    services.load("acme/web");
    services.start();

    assertThat(pid()).isPositive();
    services.awaitLine("other.spec");
    services.awaitLine("broken.spec");
  }

  @Test
  void whatIsWrongWithAPackageIsNamedWithItsFileAndTheOthersRun() throws Exception {
    Path toml = services.pkg("acme/toml/1.0.0/20260101000000").defaultToml("port = = 1").write();
    services.pkg("acme/tag/1.0.0/20260101000000").config("a.conf", "one\n{{#if cfg.x}}\n").write();
    services
        .pkg("acme/stranger/1.0.0/20260101000000")
        .metafile("SVC_USER", "no-such-user")
        .metafile("SVC_GROUP", "no-such-group")
        .write();
    services.pkg("acme/shell/1.0.0/20260101000000").hook("run", "#!/no/such/shell\n").write();
    Files.setPosixFilePermissions(
        services.web().write().resolve("hooks/run"), PosixFilePermissions.fromString("rw-r--r--"));
    for (String name : List.of("toml", "tag", "stranger", "shell", "web")) {
      services.load("acme/" + name);
    }
    services.start();

    services.awaitLine("Unable to start acme/toml, ", toml.resolve("default.toml").toString());
    services.awaitLine("Unable to start acme/tag, ", "a.conf", "line 3");
    if ("root".equals(System.getProperty("user.name"))) {
      services.awaitLine("Unable to start acme/stranger, ", "no-such-user");
    }
    // By us, or by the program that switches to its user.
    eventually(
        () -> services.lines() + services.err(),
        said -> said.contains(services.svc("shell/run").toString()));
    // Hooks are rendered, and the texts of a package need no run bit.
    assertThat(pid()).isPositive();

    services.pkg("acme/toml/1.0.0/20260101000000").defaultToml("port = 1").write();
    services.awaitUp("toml");
  }

  @Test
  @Check("supervisor-22")
  void aMissingPackageIsWaitedForAndItsSpecKept() throws Exception {
    services.load("acme/web");
    services.start();
    services.awaitLine("Unable to start acme/web");
    assertThat(services.layout().spec("web")).exists();

    services.web().write();

    assertThat(pid()).isPositive();
  }

  @Test
  @Check({"supervisor-24", "supervisor-26"})
  void theGreatestReleaseOfThisMachineRuns() throws Exception {
    services.pkg("acme/web/1.9.0/20260101000000").write();
    services.pkg("acme/web/1.10.0-rc1/20260101000000").write();
    services.pkg("acme/web/1.10.0/20260101000000").write();
    services.pkg("acme/web/9.0.0/20260101000000").metafile("TARGET", "s390x-linux").write();
    services.load("acme/web");
    services.start();
    pid();
    services.awaitLine("Starting acme/web (acme/web/1.10.0/20260101000000)");
  }

  @Test
  void tenThousandFileEventsAreAFewReadings() throws Exception {
    services.web().write();
    services.start();
    for (int i = 0; i < 10_000; i++) {
      services.load("acme/web", "channel = \"c" + i + "\"");
    }
    services.await("web", one -> one.spec().channel().equals("c9999"));
    assertThat(pid()).isPositive();
  }

  // ---- Hooks ----

  @Test
  void aServiceOfALeaderGroupStandsAndSaysWhatItIsWorthAndRunsOnceItIsElected() throws Exception {
    services
        .web()
        .hook("suitability", "#!/bin/sh\necho some words\necho 42\n")
        .config("role", "{{svc.me.leader}} {{svc.leader.member_id}}")
        .write();
    services.load("acme/web", "topology = \"leader\"");
    services.start();
    services.awaitStanding("web.default");
    services.hear(election(ElectionStatus.RUNNING));
    services.awaitLine("Waiting to execute hooks; election in progress.");
    services.hear(election(ElectionStatus.FINISHED));

    assertThat(pid()).isPositive();
    services.awaitSuitability("web.default", 42);
    assertThat(services.svc("web/config/role")).hasContent("true " + LivingServices.SELF);
  }

  @Test
  void aTriggerFileHasALeaderElectedAnewAndIsTakenAway() throws Exception {
    services.web().write();
    services.with("HAB_FEAT_TRIGGER_ELECTION", "1").load("acme/web", "topology = \"leader\"");
    Path trigger = services.data("trigger_web.default_election");
    Path other = services.data("trigger_db.default_election");
    Files.createFile(trigger);
    services.start();
    services.awaitRestarted("web.default");
    assertThat(trigger).doesNotExist();

    Files.createFile(other);
    Files.createFile(trigger);
    services.awaitRestarted("web.default", "web.default");
    assertThat(other).exists();
  }

  @Test
  void withoutItsFeatureATriggerFileIsAFile() throws Exception {
    services.web().write();
    services.load("acme/web", "topology = \"leader\"");
    Path trigger = services.data("trigger_web.default_election");
    Files.createFile(trigger);
    services.start();
    services.awaitStanding("web.default");

    services.load("acme/web", "topology = \"leader\"\nchannel = \"other\"");
    services.await("web", one -> one.spec().channel().equals("other"));
    services.awaitRestarted();
    assertThat(trigger).exists();
  }

  private static ElectionRumor election(ElectionStatus status) {
    return new ElectionRumor(
        new Election(
            LivingServices.SELF, "web.default", 0, 0, status, List.of(LivingServices.SELF)));
  }

  @Test
  @Check({"supervisor-29", "supervisor-30"})
  void hooksRunInTheirOrderAndSpeakWithTheirNames() throws Exception {
    services
        .pkg("acme/web/1.0.0/20260101000000")
        .hook("init", "#!/bin/sh\necho I\n")
        .hook("run", "#!/bin/sh\necho hi\necho ho >&2\nexec sleep 1000\n")
        .hook("post-run", "#!/bin/sh\necho P\n")
        .write();
    services.load("acme/web");
    services.start();
    pid();

    services.awaitLine("web.default hook[init]:(HK): I");
    services.awaitLine("web.default hook[post-run]:(HK): P");
    eventually(services::out, out -> out.contains("web.default(O): hi"));
    eventually(services::err, err -> err.contains("web.default(E): ho"));
    List<String> lines = services.lines();
    int init = lines.indexOf("web.default hook[init]:(HK): I");
    int started = indexOf(lines, "Starting service as user=");
    assertThat(init).isPositive().isLessThan(started);
    assertThat(started).isLessThan(lines.indexOf("web.default hook[post-run]:(HK): P"));
  }

  private static int indexOf(List<String> lines, String piece) {
    return lines.indexOf(
        lines.stream().filter(line -> line.contains(piece)).findFirst().orElseThrow());
  }

  @Test
  @Check("supervisor-31")
  void aFailedInitKeepsTheServiceFromRunning() throws Exception {
    services.web().hook("init", "#!/bin/sh\nexit 3\n").write();
    services.load("acme/web");
    services.start();

    services.awaitLine("Initialization failed! 'init' exited with status code 3");
    services.await(
        "web", one -> lastReason(one).equals(Optional.of(TerminationReason.INIT_HOOK_FAILED)));
    services.assertNoLine("Starting service as user=");
  }

  @Test
  @Check({"supervisor-32", "supervisor-34"})
  void aProcessThatEndsIsAFailureWhateverItsExitCode() throws Exception {
    services.web().hook("run", "#!/bin/sh\nexit 0\n").write();
    services.load("acme/web");
    services.with(
        new RestartSettings(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMinutes(5)));
    services.start();

    ServiceSnapshot waiting = services.awaitState("web", ServiceState.BACKING_OFF);
    assertThat(lastReason(waiting)).contains(TerminationReason.RUN_HOOK_FAILED);
    assertThat(waiting.status().restartCount()).isEqualTo(1);
    assertThat(waiting.wallTime(waiting.status().nextRestartNanos().orElseThrow()))
        .isAfter(Instant.now().minusSeconds(1));
    services.await("web", one -> one.status().restartCount() >= 2);
  }

  @Test
  @Check({"supervisor-37", "supervisor-40"})
  void postStopRunsWhenTheWholeGroupIsGone() throws Exception {
    Path children = root.resolve("children");
    services
        .web()
        .hook("run", "#!/bin/sh\nsleep 1000 &\necho $! > " + children + "\nexec sleep 1000\n")
        .hook(
            "post-stop", "#!/bin/sh\nkill -0 $(cat " + children + ") && echo alive || echo gone\n")
        .write();
    services.load("acme/web");
    services.start();
    int pid = pid();
    eventually(() -> LivingServices.read(children), text -> text.endsWith("\n"));

    services.load("acme/web", "desired_state = \"down\"");

    services.awaitLine("web.default hook[post-stop]:(HK): gone");
    services.awaitState("web", ServiceState.DOWN);
    assertThat(LivingServices.isAlive(pid)).isFalse();
    services.awaitNoFile(services.svc("web/PID"));
  }

  @Test
  @Check("supervisor-39")
  void everyServiceIsStoppedWithItsOwnSignal() throws Exception {
    Path seen = root.resolve("seen");
    services
        .web()
        .hook(
            "run",
            "#!/bin/sh\ntrap 'echo QUIT > "
                + seen
                + "; exit 0' QUIT\ntrap '' TERM\necho up\n"
                + "while :; do sleep 0.1; done\n")
        .shutdownSignal("QUIT")
        .shutdownTimeout(60)
        .write();
    services.load("acme/web");
    services.start();
    pid();
    eventually(services::out, out -> out.contains("(O): up"));

    services.stop();

    assertThat(seen).hasContent("QUIT");
  }

  @Test
  @Check("supervisor-38")
  void aProcessThatIgnoresItsSignalIsKilled() throws Exception {
    services
        .web()
        .hook("run", "#!/bin/sh\ntrap '' TERM\necho up\nwhile :; do sleep 0.1; done\n")
        .write();
    services.load("acme/web", "shutdown_timeout = 2");
    services.start();
    pid();
    eventually(services::out, out -> out.contains("(O): up"));
    long begin = System.nanoTime();

    services.load("acme/web", "shutdown_timeout = 2", "desired_state = \"down\"");

    services.awaitLine("Service killed");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(1900));
  }

  @Test
  @Check("supervisor-41")
  void aFailedInstallHookIsRunUntilItSucceedsAndThenNeverAgain() throws Exception {
    Path ready = root.resolve("ready");
    Path runs = root.resolve("runs");
    Path installed =
        services
            .web()
            .hook("install", "#!/bin/sh\necho run >> " + runs + "\ntest -e " + ready + "\n")
            .write();
    services.load("acme/web");
    services.start();
    services.awaitLine("Failed to run install hook for acme/web/1.0.0/20260101000000");
    assertThat(installed.resolve("INSTALL_HOOK_STATUS")).hasContent("1");

    Files.createFile(ready);
    pid();
    assertThat(installed.resolve("INSTALL_HOOK_STATUS")).hasContent("0");
    long count = Files.readAllLines(runs).size();

    services.load("acme/web", "group = \"blue\"");
    services.await(
        "web", one -> one.group().text().equals("web.blue") && one.status().initialized());
    assertThat(Files.readAllLines(runs)).hasSize((int) count);
  }

  @Test
  @Check("supervisor-42")
  void aFailedInstallHookOfADependencyKeepsTheServiceDown() throws Exception {
    services.pkg("acme/lib/1.0.0/20260101000000").hook("install", "#!/bin/sh\nexit 1\n").write();
    services.web().tdeps("acme/lib/1.0.0/20260101000000").write();
    services.load("acme/web");
    services.start();

    services.awaitLine("Failed to run install hook for acme/lib/1.0.0/20260101000000");
    assertThat(services.await("web", one -> true).status().process()).isEmpty();
  }

  @Test
  @Check("supervisor-44")
  void aHookThatHangsDelaysNoOtherService() throws Exception {
    services
        .web()
        .defaultToml("port = 80")
        .config("app.conf", "{{cfg.port}}")
        .hook("reconfigure", "#!/bin/sh\necho hanging\nexec sleep 1000\n")
        .write();
    services.pkg("acme/other/1.0.0/20260101000000").write();
    services.load("acme/web");
    services.start();
    pid();
    LivingServices.write(services.layout().userToml("web"), "port = 81");
    services.awaitLine("hook[reconfigure]:(HK): hanging");

    services.load("acme/other");
    services.awaitUp("other");
    services.deleteSpec("other");
    services.awaitGone("other");
  }

  @Test
  @Check("supervisor-35")
  void everyResultOfAHealthCheckIsTold() throws Exception {
    Path code = root.resolve("code");
    Files.writeString(code, "1");
    services.web().hook("health-check", "#!/bin/sh\nexit $(cat " + code + ")\n").write();
    services.load("acme/web", "[health_check_interval]", "secs = 1", "nanos = 0");
    services.start();

    services.await("web", one -> one.status().health() == ServiceHealth.WARNING);
    Files.writeString(code, "2");
    services.await("web", one -> one.status().health() == ServiceHealth.CRITICAL);
    Files.writeString(code, "3");
    services.await("web", one -> one.status().health() == ServiceHealth.UNKNOWN);
    Files.writeString(code, "0");
    services.await("web", one -> one.status().health() == ServiceHealth.OK);
    Files.writeString(code, "77");
    services.await("web", one -> one.status().health() == ServiceHealth.UNKNOWN);
  }

  @Test
  @Check("supervisor-36")
  void withoutAHealthCheckARunningProcessIsHealthy() throws Exception {
    services.web().write();
    services.load("acme/web");
    services.start();
    services.await("web", one -> one.status().health() == ServiceHealth.OK);
  }

  // ---- Configuration ----

  private void webWithPort() throws Exception {
    services.web().defaultToml("port = 80").config("app.conf", "port={{cfg.port}}").write();
    services.load("acme/web");
  }

  @Test
  @Check("supervisor-46")
  void aChangeOfUserTomlRestartsAServiceWithoutReconfigure() throws Exception {
    webWithPort();
    services.start();
    int pid = pid();
    services.awaitFile(services.svc("web/config/app.conf"), "port=80");

    LivingServices.write(services.layout().userToml("web"), "port = 81");

    services.awaitFile(services.svc("web/config/app.conf"), "port=81");
    ServiceSnapshot after =
        services.await("web", one -> one.status().process().filter(now -> now != pid).isPresent());
    assertThat(lastReason(after)).contains(TerminationReason.APP_CONFIG_UPDATED);
    assertThat(after.status().restartCount()).isZero();
  }

  @Test
  @Check("supervisor-47")
  void aReconfigureHookTakesTheChangeWithoutARestart() throws Exception {
    Path runs = root.resolve("runs");
    services
        .web()
        .defaultToml("port = 80")
        .config("app.conf", "port={{cfg.port}}")
        .hook("reconfigure", "#!/bin/sh\necho run >> " + runs + "\n")
        .write();
    services.load("acme/web");
    services.start();
    int pid = pid();

    LivingServices.write(services.layout().userToml("web"), "port = 81");

    eventually(() -> LivingServices.read(runs), "run\n"::equals);
    assertThat(services.svc("web/config/app.conf")).hasContent("port=81");
    assertThat(pid()).isEqualTo(pid);
  }

  @Test
  @Check("supervisor-48")
  void theRingIsStrongerThanTheOperatorsFileAndThatThanTheEnvironment() throws Exception {
    services.with("HAB_WEB", "port = 82");
    webWithPort();
    services.start();
    Path rendered = services.svc("web/config/app.conf");
    services.awaitFile(rendered, "port=82");

    LivingServices.write(services.layout().userToml("web"), "port = 81");
    services.awaitFile(rendered, "port=81");
    services.hearConfiguration("web.default", 1, "port = 83");
    services.awaitFile(rendered, "port=83");
  }

  @Test
  @Check("supervisor-49")
  void theEnvironmentMayBeJson() throws Exception {
    services.with("HAB_WEB", "{\"port\":84}");
    webWithPort();
    services.start();
    services.awaitFile(services.svc("web/config/app.conf"), "port=84");
  }

  @Test
  @Check("supervisor-51")
  void aBrokenUserTomlIsNamedAndTheOldValuesStay() throws Exception {
    webWithPort();
    LivingServices.write(services.layout().userToml("web"), "port = 81");
    services.start();
    int pid = pid();

    LivingServices.write(services.layout().userToml("web"), "port = = 1");

    services.awaitLine("Reloading user-config failed");
    assertThat(services.svc("web/config/app.conf")).hasContent("port=81");
    assertThat(pid()).isEqualTo(pid);
  }

  @Test
  void aChangeOfUserTomlThatWaitsToBeReadIsShown() throws Exception {
    Path ready = root.resolve("ready");
    webWithPort();
    services.start();
    pid();
    assertThat(services.await("web", one -> true).userConfigUpdated()).isFalse();
    // The next round waits for its install hook.
    services
        .pkg("acme/web/2.0.0/20260101000000")
        .hook(
            "install",
            "#!/bin/sh\necho waiting\nuntil test -e %s; do sleep 0.1; done\n".formatted(ready))
        .defaultToml("port = 80")
        .config("app.conf", "port={{cfg.port}}")
        .write();
    services.load("acme/web", "group = \"blue\"");
    services.awaitLine("hook[install]:(HK): waiting");

    LivingServices.write(services.layout().userToml("web"), "port = 81");
    services.await("web", ServiceSnapshot::userConfigUpdated);
    Files.createFile(ready);

    services.await("web", one -> !one.userConfigUpdated());
    services.awaitFile(services.svc("web/config/app.conf"), "port=81");
    LivingServices.write(services.layout().userToml("web"), "port = = 1");
    services.awaitLine("Reloading user-config failed");
    services.await("web", one -> !one.userConfigUpdated());
  }

  @Test
  @Check({"supervisor-52", "supervisor-53"})
  void theNewestConfigurationOfTheRingCountsFromTheFirstRendering() throws Exception {
    webWithPort();
    services.start();
    pid();
    services.hearConfiguration("other.default", 5, "port = 85");
    services.hearConfiguration("web.default", 5, "port = 85");
    Path rendered = services.svc("web/config/app.conf");
    services.awaitFile(rendered, "port=85");
    services.hearConfiguration("web.default", 4, "port = 84");
    services.hearConfiguration("web.default", 6, "port = 86");
    services.awaitFile(rendered, "port=86");

    // A group whose configuration was there before it: its first text has it.
    services
        .pkg("acme/other/1.0.0/20260101000000")
        .defaultToml("port = 80")
        .config("app.conf", "port={{cfg.port}}")
        .write();
    services.load("acme/other");
    services.awaitUp("other");
    assertThat(services.svc("other/config/app.conf")).hasContent("port=85");
    assertThat(services.lines())
        .noneMatch(
            line -> line.contains("Modified configuration file") && line.contains("/other/"));
  }

  @Test
  @Check("supervisor-55")
  void aFileOfTheRingIsWrittenAndTold() throws Exception {
    services.web().hook("file-updated", "#!/bin/sh\necho told\n").write();
    services.load("acme/web");
    services.start();
    pid();

    services.hearFile("web.default", 1, "a.txt", "text");

    services.awaitLine("hook[file-updated]:(HK): told");
    assertThat(services.svc("web/files/a.txt")).hasContent("text");
  }

  @Test
  @Check("supervisor-56")
  void aFileCannotBeWrittenElsewhere() throws Exception {
    services.web().write();
    services.load("acme/web");
    services.start();
    pid();

    services.hearFile("web.default", 1, "../../x", "text");

    services.awaitLine("expected a file's name without directories");
    assertThat(root.resolve("hab/svc/x")).doesNotExist();
    assertThat(root.resolve("hab/x")).doesNotExist();
  }

  @Test
  void aSealedConfigurationIsAppliedAsSoonAsItsKeysAreThere() throws Exception {
    webWithPort();
    services.start();
    pid();
    Path rendered = services.svc("web/config/app.conf");
    Box sealed = seal("port = 8181\npassword = 'hunter2'\n");

    services.hearSealedConfiguration("web.default", 1, sealed);
    services.awaitLine("alice-20260102030405.pub");
    assertThat(rendered).hasContent("port=80");
    awaitApplied("1 rejected: ");

    // The public key first: now only the service's own is missing.
    services.keys().write(alice.publicKey());
    services.awaitLine("web.default-20260102030405.box.key");
    services.keys().write(web.secretKey());
    services.awaitFile(rendered, "port=8181");
    awaitApplied("1 applied");

    services.hearSealedConfiguration("web.default", 2, seal("port = 8282"));
    services.awaitFile(rendered, "port=8282");
    services.hearConfiguration("web.default", 3, "port = 8383");
    services.awaitFile(rendered, "port=8383");
    assertThat(services.lines().stream().filter(line -> line.contains("not applied yet")))
        .hasSize(2);
    services.assertNoLine("hunter2");
  }

  @Test
  void aSealedConfigurationThatIsKnownBeforeTheServiceIsInItsFirstRendering() throws Exception {
    services.keys().write(alice.publicKey());
    services.keys().write(web.secretKey());
    services.start();
    services.hearSealedConfiguration("web.default", 1, seal("port = 8181"));

    webWithPort();
    services.awaitUp("web");

    assertThat(services.svc("web/config/app.conf")).hasContent("port=8181");
    services.assertNoLine("Modified configuration file");
  }

  @Test
  void aSealedFileIsWrittenAsSoonAsItsKeysAreThere() throws Exception {
    services.web().hook("file-updated", "#!/bin/sh\necho told\n").write();
    services.load("acme/web");
    services.start();
    pid();

    services.hearFile("web.default", 1, "clear.txt", "clear");
    services.hearSealedFile("web.default", 1, "sealed.txt", seal("sealed text"));
    services.awaitFile(services.svc("web/files/clear.txt"), "clear");
    services.awaitLine("File sealed.txt, version 1, is sealed");
    assertThat(services.svc("web/files/sealed.txt")).doesNotExist();

    services.keys().write(web.secretKey());
    services.keys().write(alice.publicKey());

    services.awaitFile(services.svc("web/files/sealed.txt"), "sealed text");
    services.awaitLine("hook[file-updated]:(HK): told");
    services.assertNoLine("sealed text");
  }

  private Box seal(String text) throws KeyException {
    return Box.seal(text.getBytes(UTF_8), alice.secretKey(), web.publicKey());
  }

  @Test
  @Check("supervisor-57")
  void aRunHookThatReadsAnotherValueRestartsItsService() throws Exception {
    services
        .web()
        .defaultToml("port = 80\nlevel = 1")
        .hook("run", "#!/bin/sh\n# {{cfg.port}}\nexec sleep 1000\n")
        .hook("health-check", "#!/bin/sh\n# {{cfg.level}}\n")
        .write();
    services.load("acme/web");
    services.start();
    int pid = pid();

    services.hearConfiguration("web.default", 1, "level = 2");
    eventually(
        () -> LivingServices.read(services.svc("web/hooks/health-check")),
        text -> text.contains("# 2"));
    assertThat(pid()).isEqualTo(pid);

    services.hearConfiguration("web.default", 2, "port = 81");
    ServiceSnapshot after =
        services.await("web", one -> one.status().process().filter(now -> now != pid).isPresent());
    assertThat(lastReason(after)).contains(TerminationReason.RUN_HOOK_UPDATED);
  }

  @Test
  @Check("supervisor-58")
  void aTemplateThatFailsIsNamedAndTheServiceRuns() throws Exception {
    services
        .web()
        .defaultToml("port = 80")
        .config("bad.conf", "{{noSuchHelper cfg.port}}")
        .config("good.conf", "[{{cfg.none.deep}}]")
        .write();
    services.load("acme/web");
    services.start();
    pid();
    services.awaitLine("Error rendering \"bad.conf\" line 1");
    assertThat(services.svc("web/config/good.conf")).hasContent("[]");
  }

  // ---- A Supervisor that is replaced ----

  @Test
  @Check({"supervisor-63", "supervisor-95"})
  void theNextSupervisorTakesUpWhatRunsAndTouchesNothing() throws Exception {
    webWithPort();
    services.start();
    int pid = pid();
    Path rendered = services.svc("web/config/app.conf");
    services.awaitFile(rendered, "port=80");
    FileTime written = Files.getLastModifiedTime(rendered);

    services.detach();
    Files.writeString(services.svc("web/PID"), "1");
    services.start();

    assertThat(pid()).isEqualTo(pid);
    services.awaitLine("Reattaching to web.default");
    services.assertNoLine("Initializing");
    assertThat(Files.getLastModifiedTime(rendered)).isEqualTo(written);
  }

  @Test
  void aProcessWhoseSpecVanishedMeanwhileIsStopped() throws Exception {
    services.web().write();
    services.load("acme/web");
    services.start();
    int pid = pid();

    services.detach();
    services.deleteSpec("web");
    services.start();

    eventually(() -> LivingServices.isAlive(pid), alive -> !alive);
  }

  // ---- Binds ----

  private void webBoundToPg(String... spec) throws Exception {
    services
        .web()
        .binds("db=port")
        .config(
            "app.conf",
            "{{#if bind.db}}{{#eachAlive bind.db.members as |m|}}{{m.sys.ip}}:{{m.cfg.port}}"
                + " {{/eachAlive}}{{else}}alone{{/if}}")
        .hook("reconfigure", "#!/bin/sh\necho told\n")
        .write();
    services.load("acme/web", "binds = [\"db:pg.default\"]\n" + String.join("\n", spec));
    services.start();
  }

  private void pg(String member, long incarnation, String exports) {
    services.hear(member, Health.ALIVE);
    services.hear(LivingServices.service(member, "pg.default", incarnation, exports));
  }

  @Test
  @Check({"supervisor-65", "supervisor-68"})
  void aServiceWaitsForItsBindsAndSeesTheirMembersInOrder() throws Exception {
    webBoundToPg();
    services.awaitLine("Waiting for service binds...");
    assertThat(services.awaitState("web", ServiceState.WAITING_FOR_BINDS).status().process())
        .isEmpty();

    pg("2b", 1, "port = 5433");
    pg("1a", 1, "port = 5432");

    pid();
    services.awaitFile(services.svc("web/config/app.conf"), "10.0.0.1:5432 10.0.0.2:5433 ");
  }

  @Test
  @Check("supervisor-66")
  void aRelaxedServiceStartsAtOnceAndHearsOfItsBindsLater() throws Exception {
    webBoundToPg("binding_mode = \"relaxed\"");
    int pid = pid();
    services.awaitFile(services.svc("web/config/app.conf"), "alone");

    pg("1a", 1, "port = 5432");

    services.awaitFile(services.svc("web/config/app.conf"), "10.0.0.1:5432 ");
    services.awaitLine("hook[reconfigure]:(HK): told");
    assertThat(pid()).isEqualTo(pid);
  }

  @Test
  void servicesThatAreBoundToEachOtherFindEachOtherEvenIfBothAreStrict() throws Exception {
    services
        .pkg("acme/a/1.0.0/20260101000000")
        .binds("other=port")
        .exports("port=port")
        .defaultToml("port = 1")
        .config("c", "{{#eachAlive bind.other.members as |m|}}{{m.cfg.port}}{{/eachAlive}}")
        .write();
    services
        .pkg("acme/b/1.0.0/20260101000000")
        .binds("other=port")
        .exports("port=port")
        .defaultToml("port = 2")
        .config("c", "{{#eachAlive bind.other.members as |m|}}{{m.cfg.port}}{{/eachAlive}}")
        .write();
    services.load("acme/a", "binds = [\"other:b.default\"]");
    services.load("acme/b", "binds = [\"other:a.default\"]");
    services
        .pkg("acme/self/1.0.0/20260101000000")
        .binds("me=port")
        .exports("port=port")
        .defaultToml("port = 3")
        .config("c", "{{bind.me.first.cfg.port}}")
        .write();
    services.load("acme/self", "binds = [\"me:self.default\"]");
    services.start();

    services.awaitUp("a");
    services.awaitUp("b");
    services.awaitUp("self");
    services.awaitFile(services.svc("a/config/c"), "2");
    services.awaitFile(services.svc("b/config/c"), "1");
    services.awaitFile(services.svc("self/config/c"), "3");
  }

  @Test
  @Check("supervisor-67")
  void aMissingExportIsNamed() throws Exception {
    webBoundToPg();
    pg("1a", 1, "host = \"x\"");
    services.awaitLine("does not export the following required fields: {\"port\"}");
    assertThat(services.await("web", one -> true).status().process()).isEmpty();
  }

  @Test
  @Check("supervisor-69")
  void anExportThatChangesArrives() throws Exception {
    webBoundToPg();
    pg("1a", 1, "port = 5432");
    pid();
    pg("1a", 2, "port = 6000");
    services.awaitFile(services.svc("web/config/app.conf"), "10.0.0.1:6000 ");
  }

  @Test
  void membersThatGoAndReturnReconfigureExactlyThoseThatUseThem() throws Exception {
    services.pkg("acme/lonely/1.0.0/20260101000000").config("a", "{{sys.ip}}").write();
    services.load("acme/lonely");
    webBoundToPg();
    pg("1a", 1, "port = 1");
    pg("2b", 1, "port = 2");
    pid();
    services.awaitUp("lonely");
    Path rendered = services.svc("web/config/app.conf");
    services.awaitFile(rendered, "10.0.0.1:1 10.0.0.2:2 ");

    services.hear("2b", Health.SUSPECT);
    services.hear("2b", Health.CONFIRMED);
    services.awaitFile(rendered, "10.0.0.1:1 ");
    services.hear("2b", Health.ALIVE);
    services.awaitFile(rendered, "10.0.0.1:1 10.0.0.2:2 ");
    services.hear("2b", Health.DEPARTED);
    services.awaitFile(rendered, "10.0.0.1:1 ");
    assertThat(services.lines())
        .noneMatch(line -> line.startsWith("lonely") && line.contains("(CF): Modified"));
  }

  // ---- What the ring is told ----

  @Test
  void theRingIsToldWhatAServiceExportsAndOfEveryChange() throws Exception {
    services
        .web()
        .defaultToml("port = 80\n[net]\nhost = \"h\"")
        .exports("port=port", "host=net.host")
        .write();
    services.load("acme/web");
    services.start();
    pid();
    assertThat(services.published())
        .singleElement()
        .isInstanceOfSatisfying(
            ServiceRumor.class,
            rumor -> {
              assertThat(rumor.memberId()).isEqualTo(LivingServices.SELF);
              assertThat(rumor.group().text()).isEqualTo("web.default");
              assertThat(rumor.pkg()).isEqualTo("acme/web/1.0.0/20260101000000");
              assertThat(rumor.cfg().toUtf8()).contains("port = 80", "host = \"h\"");
              assertThat(rumor.incarnation()).isEqualTo(1);
            });

    services.hearConfiguration("web.default", 1, "port = 81");

    eventually(() -> List.copyOf(services.published()), all -> all.size() == 3);
    assertThat(services.published().getLast())
        .isInstanceOfSatisfying(
            ServiceRumor.class,
            rumor -> {
              assertThat(rumor.incarnation()).isEqualTo(3);
              assertThat(rumor.cfg().toUtf8()).contains("port = 81");
              assertThat(rumor.applied()).contains(AppliedConfiguration.applied(1));
            });
  }

  @Test
  void theRingIsToldWhatBecameOfEachConfiguration() throws Exception {
    webWithPort();
    services.start();
    pid();
    assertThat(applied()).isEqualTo(AppliedConfiguration.NONE);

    services.hearConfiguration("web.default", 7, "port = 87");
    awaitApplied("7 applied");
    services.hearConfiguration("web.default", 8, "port = ");
    awaitApplied("8 rejected: expected TOML in the configuration applied as version 8");
    services.hearConfiguration("web.default", 9, "a" + ".a".repeat(40) + " = 1");
    awaitApplied("9 rejected: Error merging gossip-cfg into config, expected at most 30 tables");
    services.hearConfiguration("web.default", 10, "port = 90");
    awaitApplied("10 applied");
    assertThat(services.svc("web/config/app.conf")).hasContent("port=90");
    assertThat(outcomesTold())
        .contains(AppliedConfiguration.applied(7), AppliedConfiguration.applied(10))
        .doesNotContain(AppliedConfiguration.applied(8), AppliedConfiguration.applied(9));
  }

  @Test
  void aServiceThatGoesDownTellsSoAndTellsAgainWhenItIsBack() throws Exception {
    webWithPort();
    services.start();
    pid();
    services.hearConfiguration("web.default", 7, "port = 87");
    awaitApplied("7 applied");
    services.load("acme/web", "desired_state = \"down\"");
    awaitApplied("7 down");
    services.hearConfiguration("web.default", 8, "port = 88");
    services.load("acme/web");
    awaitApplied("8 applied");
    services.deleteSpec("web");
    awaitApplied("8 down");
  }

  @Test
  void aConfigurationThatWasThereFirstIsToldToBeAppliedWhenItIsRendered() throws Exception {
    services.start();
    services.hearConfiguration("web.default", 7, "port = 87");
    webWithPort();
    awaitApplied("7 applied");
  }

  @Test
  void aConfigurationThatNoTemplateCanRenderIsRejected() throws Exception {
    services
        .web()
        .defaultToml("how = 'toUppercase'")
        .config("app.conf", "{{#if cfg.broken}}{{noSuchHelper cfg.how}}{{/if}}")
        .write();
    services.load("acme/web");
    services.start();
    pid();
    services.hearConfiguration("web.default", 7, "broken = true");
    awaitApplied("7 rejected: ");
  }

  private AppliedConfiguration applied() {
    List<AppliedConfiguration> told = outcomesTold();
    return told.isEmpty() ? AppliedConfiguration.NONE : told.getLast();
  }

  private List<AppliedConfiguration> outcomesTold() {
    return services.published().stream()
        .filter(ServiceRumor.class::isInstance)
        .flatMap(rumor -> ((ServiceRumor) rumor).applied().stream())
        .toList();
  }

  private void awaitApplied(String start) {
    eventually(
        () ->
            "%d %s%s"
                .formatted(
                    applied().version(),
                    applied().outcome().text(),
                    applied().reason().isEmpty() ? "" : ": " + applied().reason()),
        text -> text.startsWith(start));
  }
}
