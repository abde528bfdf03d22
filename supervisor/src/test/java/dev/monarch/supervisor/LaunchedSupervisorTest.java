package dev.monarch.supervisor;

import static dev.monarch.supervisor.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.launcher.LauncherMain;
import dev.monarch.supervisor.config.Layout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Supervisor under a real Launcher, as {@code hab sup run} starts the two. */
@Timeout(300)
class LaunchedSupervisorTest {
  @TempDir private Path directory;
  private final List<ProcessHandle> processes = new ArrayList<>();
  private final String address = RunningSupervisor.anAddress();

  @AfterEach
  void killAll() {
    processes.forEach(
        process -> {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
        });
  }

  private Layout layout() {
    return Layout.of(Map.of("FS_ROOT", tree()));
  }

  private String tree() {
    return directory.resolve("tree").toString();
  }

  private Path console() {
    return directory.resolve("console");
  }

  private String said() {
    try {
      return Files.exists(console()) ? Files.readString(console()) : "";
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Process start(Map<String, String> environment) throws IOException {
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    List<String> command = new ArrayList<>(java);
    command.add(LauncherMain.class.getName());
    command.addAll(java);
    command.addAll(List.of(SupervisorProcess.class.getName(), address));
    var builder = new ProcessBuilder(command);
    builder.environment().put("FS_ROOT", tree());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(console().toFile());
    Process launcher = builder.start();
    processes.add(launcher.toHandle());
    return launcher;
  }

  private Process startAndAwait(Map<String, String> environment) throws IOException {
    Process launcher = start(environment);
    awaitStarts(1);
    return launcher;
  }

  private void awaitStarts(int times) {
    eventually(
        Duration.ofMinutes(2),
        this::said,
        text -> text.split("Starting http-gateway", -1).length == times + 1);
  }

  private ProcessHandle supervisorOf(Process launcher) {
    ProcessHandle supervisor = launcher.children().findFirst().orElseThrow();
    processes.add(supervisor);
    return supervisor;
  }

  private static int exit(Process process) throws InterruptedException {
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("it ended").isTrue();
    return process.exitValue();
  }

  private static void signal(long pid, String name) throws Exception {
    assertThat(exit(new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid).start()))
        .isZero();
  }

  @Test
  @Check("supervisor-1")
  void anEmptyTreeGetsAnIdASecretAndALockWithTheLaunchersPid() throws Exception {
    Process launcher = startAndAwait(Map.of());
    assertThat(Files.readString(layout().memberId())).matches("[0-9a-f]{32}");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(layout().controlSecret())))
        .isEqualTo("rw-------");
    assertThat(Files.readString(layout().lock())).isEqualTo("" + launcher.pid());
  }

  @Test
  void termToTheLauncherLeavesTheRingInOrder() throws Exception {
    Process launcher = startAndAwait(Map.of());
    signal(launcher.pid(), "TERM");
    assertThat(exit(launcher)).isZero();
    assertThat(said())
        .endsWith(
            """
            hab-sup(MR): Supervisor received shutdown signal from launcher
            hab-sup(MR): Gracefully departing from butterfly network.
            hab-launch(SV): Hasta la vista, services.
            """);
  }

  @Test
  void termToTheSupervisorEndsTheLauncherAsWell() throws Exception {
    Process launcher = startAndAwait(Map.of());
    signal(supervisorOf(launcher).pid(), "TERM");
    assertThat(exit(launcher)).isZero();
    assertThat(said()).contains("Gracefully departing").contains("Hasta la vista");
  }

  @Test
  void hupBringsTheNextSupervisorWithTheSameMemberId() throws Exception {
    Process launcher = startAndAwait(Map.of());
    String id = Files.readString(layout().memberId());
    ProcessHandle first = supervisorOf(launcher);
    signal(launcher.pid(), "HUP");
    awaitStarts(2);
    assertThat(first.isAlive()).isFalse();
    assertThat(supervisorOf(launcher).pid()).isNotEqualTo(first.pid());
    assertThat(said())
        .contains("Preparing services for Supervisor restart")
        .doesNotContain("departing");
    assertThat(Files.readString(layout().memberId())).isEqualTo(id);
    assertThat(Files.readString(layout().lock())).isEqualTo("" + launcher.pid());
  }

  @Test
  void whatATerminalSendsToBothIsTheLaunchersBusiness() throws Exception {
    Process launcher = startAndAwait(Map.of());
    ProcessHandle supervisor = supervisorOf(launcher);
    signal(supervisor.pid(), "INT");
    signal(supervisor.pid(), "HUP");
    signal(launcher.pid(), "INT");
    assertThat(exit(launcher)).isZero();
    assertThat(said()).contains("received shutdown signal from launcher");
  }

  @Test
  void aTestThatTellsACodeGetsTheNextSupervisor() throws Exception {
    Path file = directory.resolve("test-exit");
    Process launcher = startAndAwait(Map.of("HAB_FEAT_TEST_EXIT", file.toString()));
    ProcessHandle first = supervisorOf(launcher);
    // Whole at once: it is looked for all the time, and taken away.
    Files.move(Files.writeString(directory.resolve("prepared"), "1\n"), file);
    awaitStarts(2);
    assertThat(first.isAlive()).isFalse();
    assertThat(file).doesNotExist();
    assertThat(launcher.isAlive()).isTrue();
  }

  @Test
  @Check("supervisor-94")
  void aSupervisorThatCannotStartEndsTheLauncherWithAFailure() throws Exception {
    Process launcher = start(Map.of("HAB_FEAT_BOOT_FAIL", "1"));
    assertThat(exit(launcher)).isEqualTo(Supervisor.EXIT_FAILED);
    assertThat(said()).startsWith("error: expected to start, found HAB_FEAT_BOOT_FAIL");
  }

  @Test
  void aSupervisorWhoseLauncherIsKilledLeavesTheRingAndEnds() throws Exception {
    Process launcher = startAndAwait(Map.of());
    ProcessHandle supervisor = supervisorOf(launcher);
    launcher.destroyForcibly();
    exit(launcher);
    eventually(supervisor::isAlive, alive -> !alive);
    assertThat(said()).contains("the Launcher is gone").contains("Gracefully departing");
  }

  @Test
  void aSupervisorWhoseLauncherIsKilledWhileItStartsLeavesTheRingAsWell() throws Exception {
    Process launcher = start(Map.of());
    eventually(this::said, text -> text.contains("Starting ctl-gateway"));
    ProcessHandle supervisor = supervisorOf(launcher);
    launcher.destroyForcibly();
    exit(launcher);
    eventually(supervisor::isAlive, alive -> !alive);
    assertThat(said()).contains("the Launcher is gone").contains("Gracefully departing");
  }

  @Test
  void whateverIsKilledTheNextStartIsTheSameMember() throws Exception {
    Process launcher = startAndAwait(Map.of());
    String id = Files.readString(layout().memberId());
    signal(supervisorOf(launcher).pid(), "STOP");
    launcher.destroyForcibly();
    exit(launcher);
    // A frozen one is in the way; the next Launcher ends it first.
    startAndAwait(Map.of());
    assertThat(Files.readString(layout().memberId())).isEqualTo(id);
  }

  @Test
  void termFindsTheLauncherByTheLock() throws Exception {
    Process launcher = startAndAwait(Map.of());
    var out = new ByteArrayOutputStream();
    var printed = new PrintStream(out, true, StandardCharsets.UTF_8);
    var term =
        new SupervisorTerm(new Surroundings(Map.of("FS_ROOT", tree()), printed, printed, false));
    assertThat(term.run()).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("process " + launcher.pid());
    assertThat(exit(launcher)).isZero();
  }
}
