package dev.monarch.launcher;

import static dev.monarch.launcher.Eventually.eventually;
import static dev.monarch.launcher.Scripts.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.monarch.checks.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Launcher in a process of its own, with a Supervisor that does what a test tells it. */
@Timeout(300)
class LauncherProcessTest {
  @TempDir private Path directory;
  private final List<Process> launchers = new ArrayList<>();

  /** A service that ends with USR1 alone, and says so. */
  @BeforeEach
  void writeService() throws IOException {
    script(
        directory.resolve("run"),
        """
        #!/bin/sh
        # The shell's own words would kill it, once nobody reads them.
        exec 2> /dev/null
        trap '' TERM
        trap 'echo stopped by USR1 >> %1$s/stopped; exit 0' USR1
        echo $$ >> %1$s/started
        while :; do sleep 0.02; done
        """
            .formatted(directory));
  }

  @AfterEach
  void killAll() {
    for (Process launcher : launchers) {
      launcher.descendants().forEach(ProcessHandle::destroyForcibly);
      launcher.destroyForcibly();
    }
    pidsIn("supervisor").forEach(LauncherProcessTest::kill);
    pidsIn("service").forEach(LauncherProcessTest::kill);
  }

  private static void kill(int pid) {
    ProcessHandle.of(pid)
        .filter(process -> process.info().command().isPresent())
        .ifPresent(ProcessHandle::destroyForcibly);
  }

  private List<String> command(String... more) {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx32m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath);
    List<String> words = new ArrayList<>(java);
    words.add(LauncherMain.class.getName());
    words.addAll(java);
    words.add(ScriptedSupervisor.class.getName());
    words.add(directory.toString());
    words.addAll(List.of(more));
    return words;
  }

  private Process start(List<String> command) throws IOException {
    var builder = new ProcessBuilder(command);
    builder.environment().put("FS_ROOT", directory.resolve("tree").toString());
    // Only whoever hangs is to be met by its end.
    builder
        .environment()
        .put("HAB_LAUNCH_SUP_SHUTDOWN_TIMEOUT_SECS", command.contains("hang") ? "1" : "120");
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(console().toFile()));
    Process launcher = builder.start();
    launchers.add(launcher);
    return launcher;
  }

  private Process startAndAwait(String... more) throws IOException {
    int before = pidsIn("supervisor").size();
    Process launcher = start(command(more));
    awaitSupervisors(before + 1);
    // Only then does it know its signals.
    eventually(this::starts, lines -> lines.contains("" + service()));
    return launcher;
  }

  private Path console() {
    return directory.resolve("console");
  }

  private String said() {
    return read(console());
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What Supervisors said about themselves or their service, in order. */
  private List<Integer> pidsIn(String word) {
    return Pattern.compile("^" + word + " ([0-9]+)", Pattern.MULTILINE)
        .matcher(said())
        .results()
        .map((MatchResult result) -> Integer.valueOf(result.group(1)))
        .toList();
  }

  /** In one step: the Supervisor looks for the file all the time, and reads it at once. */
  private void endSupervisor(int code) throws IOException {
    Path beside = Files.writeString(directory.resolve("exit.new"), "" + code);
    Files.move(
        beside, directory.resolve(ScriptedSupervisor.EXIT_FILE), StandardCopyOption.ATOMIC_MOVE);
  }

  private void awaitSupervisors(int count) {
    eventually(this::said, _ -> pidsIn("supervisor").size() == count);
  }

  private int service() {
    return pidsIn("service").getLast();
  }

  private List<String> starts() {
    return read(directory.resolve("started")).lines().toList();
  }

  private String stopped() {
    return read(directory.resolve("stopped"));
  }

  private static int exit(Process process) throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ended").isTrue();
    return process.exitValue();
  }

  private static void signal(long pid, String name) throws Exception {
    assertThat(exit(new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid).start()))
        .isZero();
  }

  private Path file(String name) {
    return directory.resolve("tree/hab/launcher").resolve(name);
  }

  @Test
  void itsSupervisorKnowsItAndItsFilesTellOfIt() throws Exception {
    Process launcher = startAndAwait();
    assertThat(said())
        .contains("supervisor %d of %d".formatted(pidsIn("supervisor").getFirst(), launcher.pid()));
    assertThat(Files.readString(file("PID"))).isEqualTo("" + launcher.pid());
    assertThat(ProcessGroups.isAlive(service())).isTrue();
  }

  @Test
  @Check("supervisor-93")
  void termStopsEverythingInOrder() throws Exception {
    Process launcher = startAndAwait();
    signal(launcher.pid(), "TERM");
    assertThat(exit(launcher)).isZero();
    assertThat(said())
        .contains("heard ShutdownRequested")
        .contains("Child for service 'web.default' with PID " + service() + " exited with code ")
        .endsWith("hab-launch(SV): Hasta la vista, services.\n");
    // TERM it ignores, and eight seconds are not waited for.
    assertThat(stopped()).isEqualTo("stopped by USR1\n");
    assertThat(file("PID")).doesNotExist();
    assertThat(ProcessGroups.isAlive(service())).isFalse();
  }

  @Test
  void intDoesAsTerm() throws Exception {
    Process launcher = startAndAwait();
    signal(launcher.pid(), "INT");
    assertThat(exit(launcher)).isZero();
    assertThat(said()).endsWith("Hasta la vista, services.\n");
  }

  @Test
  void aSupervisorThatHangsIsNotWaitedForForEver() throws Exception {
    script(
        directory.resolve("run"),
        "#!/bin/sh\ntrap 'exit 0' USR1\necho $$ >> %s/started\nwhile :; do sleep 0.02; done"
            .formatted(directory));
    Process launcher = startAndAwait("hang");
    int pid = service();
    signal(launcher.pid(), "TERM");
    assertThat(exit(launcher)).isZero();
    assertThat(said()).contains("did not shut down in time and is killed");
    assertThat(ProcessGroups.isAlive(pid)).isFalse();
  }

  @Test
  void hupReplacesTheSupervisorAndLeavesTheServicesAlone() throws Exception {
    Process launcher = startAndAwait();
    signal(launcher.pid(), "HUP");
    awaitSupervisors(2);
    assertThat(said()).contains("heard RestartRequested").contains("Reattaching to web.default");
    assertThat(pidsIn("supervisor")).doesNotHaveDuplicates();
    assertThat(pidsIn("service")).containsExactly(service(), service());
    assertThat(starts()).containsExactly("" + service());
    assertThat(launcher.isAlive()).isTrue();
  }

  @Test
  void aSupervisorThatCrashesIsReplacedAndTheServicesLiveOn() throws Exception {
    startAndAwait();
    for (int code : new int[] {1, 0, 3}) {
      int before = pidsIn("supervisor").size();
      endSupervisor(code);
      awaitSupervisors(before + 1);
    }
    assertThat(starts()).containsExactly("" + service());
    assertThat(ProcessGroups.isAlive(service())).isTrue();
  }

  @Test
  void aSupervisorThatCannotGoOnTakesEverythingWithIt() throws Exception {
    Process launcher = startAndAwait();
    endSupervisor(86);
    assertThat(exit(launcher)).isEqualTo(86);
    assertThat(ProcessGroups.isAlive(service())).isFalse();
  }

  @Test
  void aSupervisorThatIsStoppedItselfTakesEverythingWithIt() throws Exception {
    Process launcher = startAndAwait();
    endSupervisor(84);
    assertThat(exit(launcher)).isZero();
    assertThat(ProcessGroups.isAlive(service())).isFalse();
  }

  @Test
  @Check("supervisor-92")
  void aSupervisorThatIsKilledTakesEverythingWithIt() throws Exception {
    Process launcher = startAndAwait();
    signal(pidsIn("supervisor").getFirst(), "KILL");
    assertThat(exit(launcher)).isZero();
    assertThat(said())
        .contains(
            "hab-launch(SV): Supervisor process killed by signal 9; shutting everything down"
                + " now\n");
    assertThat(stopped()).isEqualTo("stopped by USR1\n");
    assertThat(ProcessGroups.isAlive(service())).isFalse();
  }

  @Test
  void aSupervisorThatNeverCameUpHandsItsCodeOn() throws Exception {
    Process launcher = start(command("refuse"));
    assertThat(exit(launcher)).isEqualTo(2);
    assertThat(said()).isEmpty();
    assertThat(file("PID")).doesNotExist();
  }

  @Test
  void aSecondLauncherOnATreeEndsAndHarmsNobody() throws Exception {
    Process first = startAndAwait();
    Process second = start(command());
    assertThat(exit(second)).isEqualTo(86);
    assertThat(said()).contains("(process " + first.pid() + ")");
    assertThat(Files.readString(file("PID"))).isEqualTo("" + first.pid());
    assertThat(ProcessGroups.isAlive(service())).isTrue();
  }

  @Test
  void aLauncherThatIsKilledIsMissedByItsSupervisorWhichEndsTheServices() throws Exception {
    Process launcher = startAndAwait();
    launcher.destroyForcibly();
    exit(launcher);
    eventually(() -> ProcessGroups.isAlive(service()), alive -> !alive);
    assertThat(stopped()).isEqualTo("stopped by USR1\n");
    int supervisor = pidsIn("supervisor").getFirst();
    eventually(() -> ProcessGroups.startTicks(supervisor).isPresent(), alive -> !alive);
  }

  @Test
  void whatIsLeftWhenBothAreKilledTheNextLauncherEndsBeforeItStartsAnything() throws Exception {
    Process launcher = startAndAwait();
    int orphan = service();
    // The Supervisor first frozen, so that it cannot do it.
    signal(pidsIn("supervisor").getFirst(), "STOP");
    launcher.destroyForcibly();
    exit(launcher);
    signal(pidsIn("supervisor").getFirst(), "KILL");
    assertThat(ProcessGroups.isAlive(orphan)).isTrue();

    startAndAwait();
    assertThat(said())
        .contains(
            "Ending web.default (PID: %d), which a Launcher that was killed left behind"
                .formatted(orphan));
    assertThat(stopped()).isEqualTo("stopped by USR1\n");
    assertThat(ProcessGroups.isAlive(orphan)).isFalse();
    assertThat(starts()).containsExactly("" + orphan, "" + service());
  }

  @Test
  void whoForkedAwayFromAServiceIsEndedByTheNextLauncherToo() throws Exception {
    script(
        directory.resolve("run"),
        """
        #!/bin/sh
        setsid env -i /bin/sh -c 'echo $$ >> %1$s/away; exec sleep 600' < /dev/null > /dev/null 2>&1 &
        while [ "$(wc -l < %1$s/away)" = "$(wc -l < %1$s/started)" ]; do sleep 0.02; done
        echo $$ >> %1$s/started
        exec sleep 600
        """
            .formatted(directory));
    Files.createFile(directory.resolve("away"));
    Files.createFile(directory.resolve("started"));
    Process launcher = startAndAwait();
    int away = Integer.parseInt(read(directory.resolve("away")).strip());
    signal(pidsIn("supervisor").getFirst(), "STOP");
    launcher.destroyForcibly();
    exit(launcher);
    signal(pidsIn("supervisor").getFirst(), "KILL");
    assertThat(ProcessGroups.startTicks(away)).isPresent();

    startAndAwait();
    assertThat(said())
        .contains(
            "Ending web.default (PID: %d), which a Launcher that was killed left behind"
                .formatted(away));
    assertThat(ProcessGroups.startTicks(away)).isEmpty();
    read(directory.resolve("away"))
        .lines()
        .map(Integer::valueOf)
        .filter(pid -> pid != away)
        .forEach(LauncherProcessTest::kill);
  }

  @Test
  void aFrozenSupervisorWithoutALauncherIsEndedByTheNext() throws Exception {
    Process launcher = startAndAwait();
    int former = pidsIn("supervisor").getFirst();
    signal(former, "STOP");
    launcher.destroyForcibly();
    exit(launcher);
    startAndAwait();
    assertThat(ProcessGroups.startTicks(former)).isEmpty();
    assertThat(starts()).hasSize(2);
  }

  @Test
  @Check("supervisor-96")
  void asTheFirstProcessOfAContainerItReapsWhatServicesLeaveBehind() throws Exception {
    assumeTrue(mayBeginContainers(), "needs unshare, and the rights to begin a container");
    script(
        directory.resolve("run"),
        """
        #!/bin/sh
        trap 'exit 0' USR1
        for i in 1 2 3 4 5; do (sleep 0.1 & exec true); done
        while pgrep -x sleep > /dev/null; do :; done
        echo launcher is $(cat /proc/$PPID/stat | cut -d' ' -f1)
        n=0
        while ps -eo stat= | grep -q Z && [ $n -lt 1000 ]; do n=$((n + 1)); done
        echo zombies: $(ps -eo stat= | grep -c Z)
        while :; do sleep 1; done
        """);
    List<String> words =
        new ArrayList<>(List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child"));
    words.addAll(command());
    Process container = start(words);
    eventually(this::said, text -> text.contains("zombies: "));
    assertThat(said()).contains("launcher is 1\n").contains("zombies: 0\n");
    container.destroyForcibly();
    exit(container);
  }

  /** Root alone is not enough: within a container it may be forbidden. */
  private static boolean mayBeginContainers() throws Exception {
    return Files.isExecutable(Path.of("/usr/bin/unshare"))
        && exit(
                new ProcessBuilder("unshare", "--pid", "--fork", "--mount-proc", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start())
            == 0;
  }
}
