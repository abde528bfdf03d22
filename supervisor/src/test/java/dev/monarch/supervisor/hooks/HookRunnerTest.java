package dev.monarch.supervisor.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.launcher.LauncherException;
import dev.monarch.launcher.ProcessTag;
import dev.monarch.launcher.RunAs;
import dev.monarch.supervisor.service.Hook;
import dev.monarch.supervisor.service.HookResult;
import dev.monarch.supervisor.service.HookResult.Cancelled;
import dev.monarch.supervisor.service.HookResult.Exited;
import dev.monarch.supervisor.service.HookResult.NotStarted;
import dev.monarch.supervisor.service.HookResult.Signalled;
import dev.monarch.supervisor.service.HookResult.TimedOut;
import dev.monarch.supervisor.service.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookRunnerTest {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");

  /** What the launcher does, made of programs every distribution has. */
  private static final class Programs implements HookGroups {
    @Override
    public List<String> command(Optional<RunAs> runAs, List<String> command) {
      var words = new ArrayList<>(List.of("setsid"));
      words.addAll(command);
      return words;
    }

    @Override
    public void kill(int pid) throws LauncherException {
      try {
        new ProcessBuilder("kill", "-KILL", "--", "-" + pid).start().waitFor();
        new ProcessBuilder("kill", "-KILL", Integer.toString(pid)).start().waitFor();
      } catch (IOException failure) {
        throw new LauncherException("kill does not run: " + failure);
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException(interrupted);
      }
    }
  }

  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private final HookRunner runner = new HookRunner(new Programs(), lines::add);
  private @TempDir Path directory = Path.of("");
  private Path logs = Path.of("");

  @BeforeEach
  void makeDirectories() throws IOException {
    logs = Files.createDirectory(directory.resolve("logs"));
  }

  private HookCommand hook(Hook hook, String script) throws IOException {
    Path file = directory.resolve(hook.fileName());
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new HookCommand(
        "web.default", hook, file, logs, PATH, Optional.empty(), ProcessTag.random());
  }

  private HookResult run(HookCommand command) {
    return run(command, LONG);
  }

  private HookResult run(HookCommand command, Duration limit) {
    var ended = new CompletableFuture<HookResult>();
    HookRunner.Run _ = runner.start(command, limit, ended::complete);
    return ended.orTimeout(120, TimeUnit.SECONDS).join();
  }

  private static void eventually(String what, BooleanSupplier condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @Test
  void whatAHookWritesIsPrintedAndKept() throws Exception {
    HookResult result = run(hook(Hook.INIT, "#!/bin/sh\necho one\necho two >&2\nprintf three\n"));

    assertThat(result).isEqualTo(new Exited(0, "three"));
    assertThat(lines.stream().map(Line::toString))
        .containsExactlyInAnyOrder(
            "web.default hook[init]:(HK): one",
            "web.default hook[init]:(HK): two",
            "web.default hook[init]:(HK): three");
    assertThat(HookCommand.stdoutLog(logs, Hook.INIT)).hasContent("one\nthree");
    assertThat(HookCommand.stderrLog(logs, Hook.INIT)).hasContent("two");
    assertThat(runner.durations().snapshot()).containsOnlyKeys(Hook.INIT);
  }

  @Test
  void aHookHasNothingToReadAndOnlyTheEnvironmentItIsGiven() throws Exception {
    run(hook(Hook.INIT, "#!/bin/sh\nread word || echo end\necho $HOME$USER-$PATH\n"));

    assertThat(lines.stream().map(Line::text)).containsExactly("end", "-/usr/bin:/bin");
  }

  @Test
  void theLogsAreThoseOfTheLastRun() throws Exception {
    run(hook(Hook.HEALTH_CHECK, "#!/bin/sh\necho first\n"));
    run(hook(Hook.HEALTH_CHECK, "#!/bin/sh\necho second\n"));

    assertThat(HookCommand.stdoutLog(logs, Hook.HEALTH_CHECK)).hasContent("second");
  }

  @Test
  void everyEndIsTold() throws Exception {
    assertThat(run(hook(Hook.INIT, "#!/bin/sh\nexit 3\n"))).isEqualTo(new Exited(3));
    assertThat(run(hook(Hook.INIT, "#!/bin/sh\nkill -9 $$\n"))).isEqualTo(new Signalled(9));
  }

  @Test
  @Check("supervisor-43")
  void aHookThatFillsItsStandardErrorFirstFinishes() throws Exception {
    HookResult result =
        run(
            hook(
                Hook.INIT,
                """
                #!/bin/sh
                head -c 1048576 /dev/zero | tr '\\0' e >&2
                head -c 1048576 /dev/zero | tr '\\0' o
                """));

    assertThat(result.isSuccess()).isTrue();
    assertThat(lines).as("a line without end comes in pieces").hasSizeGreaterThan(30);
    assertThat(lines).allMatch(line -> line.text().length() <= 2 * Lines.PIECE_BYTES_MAX);
    assertThat(lines.stream().mapToLong(line -> line.text().length()).sum()).isEqualTo(2L << 20);
  }

  @Test
  void aHookThatTakesTooLongIsKilledWithItsChildren() throws Exception {
    HookResult result =
        run(
            hook(Hook.INIT, "#!/bin/sh\necho $$\nsleep 1000 &\necho $!\nsleep 1000\n"),
            Duration.ofMillis(300));

    assertThat(result).isEqualTo(new TimedOut());
    eventually(
        "children of a killed hook " + lines,
        () -> lines.stream().map(Line::text).noneMatch(HookRunnerTest::lives));
  }

  private static boolean lives(String pid) {
    return ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).isPresent();
  }

  @Test
  void aHookCanBeCancelled() throws Exception {
    var ended = new CompletableFuture<HookResult>();
    HookRunner.Run run =
        runner.start(
            hook(Hook.POST_RUN, "#!/bin/sh\necho here\nsleep 1000\n"), LONG, ended::complete);
    eventually("the hook runs", () -> !lines.isEmpty());
    run.cancel();
    run.cancel();

    assertThat(ended.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(new Cancelled());
  }

  @Test
  void aHookThatLeavesAJobInTheBackgroundHasEnded() throws Exception {
    long begin = System.nanoTime();
    HookResult result = run(hook(Hook.INIT, "#!/bin/sh\necho $$\nsleep 600 &\necho $!\n"));

    assertThat(result.isSuccess()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONG);
    eventually("both lines are heard", () -> lines.size() == 2);
    assertThat(lives(lines.getLast().text())).isTrue();
    new Programs().kill(Integer.parseInt(lines.getFirst().text()));
  }

  @Test
  void aHookThatIsNotThereOrMayNotRunIsToldWithItsFile() throws Exception {
    HookCommand command = hook(Hook.INIT, "#!/bin/sh\n");
    Files.setPosixFilePermissions(command.file(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(run(command))
        .isEqualTo(
            new NotStarted(
                "expected an executable file " + command.file() + ", found no permission for it"));

    Files.delete(command.file());
    assertThat(run(command))
        .isEqualTo(new NotStarted("expected a file " + command.file() + ", found none"));
  }

  @Test
  void aHookRunsEvenIfItsWordsCannotBeKept() throws Exception {
    HookCommand command = hook(Hook.INIT, "#!/bin/sh\necho hi\n");
    Files.delete(logs);

    assertThat(run(command)).isEqualTo(new Exited(0, "hi"));
    assertThat(lines.stream().map(Line::text)).contains("hi");
    assertThat(lines.stream().filter(line -> line.text().contains("is not kept"))).hasSize(2);
  }
}
