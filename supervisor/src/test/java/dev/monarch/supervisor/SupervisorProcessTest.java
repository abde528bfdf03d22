package dev.monarch.supervisor;

import static dev.monarch.supervisor.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.monarch.checks.Check;
import dev.monarch.supervisor.config.Layout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show: signals, locks, and to be killed. */
@Timeout(300)
class SupervisorProcessTest {
  @TempDir private Path directory;
  private final List<Process> processes = new ArrayList<>();
  private final String address = RunningSupervisor.anAddress();

  @AfterEach
  void killAll() {
    processes.forEach(Process::destroyForcibly);
  }

  private Layout layout() {
    return Layout.of(Map.of("FS_ROOT", directory.resolve("tree").toString()));
  }

  private Path console() {
    return directory.resolve("console");
  }

  private Process start() throws IOException {
    Files.deleteIfExists(console());
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            SupervisorProcess.class.getName(),
            address);
    builder.environment().put("FS_ROOT", directory.resolve("tree").toString());
    builder.redirectErrorStream(true).redirectOutput(console().toFile());
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private Process startAndAwait() throws IOException {
    Process process = start();
    awaitStarts(1);
    return process;
  }

  private String said() {
    try {
      return Files.exists(console()) ? Files.readString(console()) : "";
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void awaitStarts(int times) {
    eventually(
        Duration.ofMinutes(2),
        this::said,
        text -> text.split("Starting http-gateway", -1).length == times + 1);
  }

  private static int exit(Process process) throws InterruptedException {
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("it ended").isTrue();
    return process.exitValue();
  }

  private static void signal(Process process, String name) throws Exception {
    Process kill =
        new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid()).start();
    assertThat(exit(kill)).isZero();
  }

  @Test
  void termAndIntStopItGracefully() throws Exception {
    for (String name : List.of("TERM", "INT")) {
      Process process = startAndAwait();
      signal(process, name);
      assertThat(exit(process)).as(name).isZero();
      assertThat(said()).endsWith("Gracefully departing from butterfly network.\n");
    }
  }

  @Test
  void hupRestartsItInPlace() throws Exception {
    Process process = startAndAwait();
    signal(process, "HUP");
    awaitStarts(2);
    assertThat(process.isAlive()).isTrue();
    assertThat(said()).contains("shutting down for restart").doesNotContain("departing");
    signal(process, "TERM");
    assertThat(exit(process)).isZero();
  }

  @Test
  void otherSignalsAreIgnored() throws Exception {
    Process process = startAndAwait();
    signal(process, "ALRM");
    signal(process, "USR2");
    signal(process, "HUP");
    awaitStarts(2);
    assertThat(process.isAlive()).isTrue();
  }

  @Test
  @Check("supervisor-97")
  void termFindsItByItsLock() throws Exception {
    Process process = startAndAwait();
    var out = new ByteArrayOutputStream();
    var printed = new PrintStream(out, true, StandardCharsets.UTF_8);
    var term =
        new SupervisorTerm(
            new Surroundings(
                Map.of("FS_ROOT", directory.resolve("tree").toString()), printed, printed, false));
    assertThat(term.run()).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("process " + process.pid());
    assertThat(exit(process)).isZero();
    out.reset();
    assertThat(term.run()).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("No Supervisor is running");
  }

  @Test
  @Check("supervisor-2")
  void asASecondProcessOnATreeItEnds() throws Exception {
    Process first = startAndAwait();
    Process second = start();
    assertThat(exit(second)).isEqualTo(Supervisor.EXIT_FAILED);
    assertThat(said().lines()).singleElement().asString().contains("process " + first.pid());
    assertThat(first.isAlive()).isTrue();
    assertThat(Files.readString(layout().lock())).isEqualTo(Long.toString(first.pid()));
  }

  @Test
  @Check({"supervisor-3", "supervisor-9"})
  void killedAtAnyMomentItStartsAgainAsTheSameMember() throws Exception {
    startAndAwait();
    String id = Files.readString(layout().memberId());
    processes.getLast().destroyForcibly().waitFor();
    Process again = startAndAwait();
    assertThat(Files.readString(layout().memberId())).isEqualTo(id);
    assertThat(Files.readString(layout().lock())).isEqualTo(Long.toString(again.pid()));
  }

  @Test
  void aLockOfTheOriginalsKindKeepsItOut() throws Exception {
    Path flock = Path.of("/usr/bin/flock");
    assumeTrue(Files.isExecutable(flock), "flock is not installed");
    Files.createDirectories(layout().supervisor());
    Files.writeString(layout().lock(), "4711");
    Process holder =
        new ProcessBuilder(flock.toString(), "-s", "-o", layout().lock().toString(), "sleep", "600")
            .start();
    processes.add(holder);
    eventually(() -> isFlocked(flock), Boolean::booleanValue);
    Process process = start();
    assertThat(exit(process)).isEqualTo(Supervisor.EXIT_FAILED);
    assertThat(said()).contains("process 4711");
    assertThat(Files.readString(layout().lock())).isEqualTo("4711");
    holder.descendants().forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void itsLockIsOfTheOriginalsKindAndEndsWithIt() throws Exception {
    Path flock = Path.of("/usr/bin/flock");
    assumeTrue(Files.isExecutable(flock), "flock is not installed");
    Process process = startAndAwait();
    assertThat(isFlocked(flock)).isTrue();
    process.destroyForcibly().waitFor();
    assertThat(isFlocked(flock)).isFalse();
  }

  /** Asked as the original asks: by trying. */
  private boolean isFlocked(Path flock) {
    try {
      return new ProcessBuilder(flock.toString(), "-n", layout().lock().toString(), "true")
              .start()
              .waitFor()
          != 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
