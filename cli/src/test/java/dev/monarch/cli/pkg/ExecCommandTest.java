package dev.monarch.cli.pkg;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.PackageFixture;
import dev.monarch.cli.Typed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command becomes another program, so that each test gives it a process of its own. */
class ExecCommandTest {
  private static final long PATIENCE_SECONDS = 60;

  @TempDir private Path fsRoot;
  private Path bin;

  private record Ended(int exit, String out, String err, long pid) {}

  @BeforeEach
  void install() throws IOException {
    bin = Files.createDirectories(fsRoot.resolve("bin"));
    PackageFixture.at(fsRoot, "acme/web/1.0.0/20260101000000")
        .environment("FOO=from the package")
        .runtimePath(bin.toString())
        .write();
  }

  @Test
  void theCommandIsFoundInThePackagesPathAndGetsItsWordsAsTheyAre() throws Exception {
    script("greet", "#!/bin/sh\nprintf '[%s]' \"$@\"\n");

    // Made by the shell: where there is no UTF-8, a JVM cannot hand the last one on.
    Ended ended =
        end(
            startBy(
                "exec \"$@\" \"$(printf '\\303\\251')\"",
                "greet",
                "-h",
                "--version",
                "--",
                "a b",
                "@file",
                ""),
            "");

    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).isEqualTo("[-h][--version][--][a b][@file][][é]");
  }

  @Test
  void itGetsThePackagesVariablesBesidesThoseItInherits() throws Exception {
    Ended ended = exec("", "sh", "-c", "echo \"$FOO, $BAR, ${PATH%%:*}\"");

    assertThat(ended.out()).isEqualTo("from the package, from the caller, " + bin + "\n");
  }

  @Test
  void itHasTheProcessTheStandardStreamsAndTheExitCode() throws Exception {
    Ended ended = exec("hello", "sh", "-c", "cat; echo \" $$\"; echo oops >&2; exit 42");

    assertThat(ended.exit()).isEqualTo(42);
    assertThat(ended.out()).isEqualTo("hello " + ended.pid() + "\n");
    assertThat(ended.err()).isEqualTo("oops\n");
  }

  @Test
  void noSignalIsBlockedAndOnlyInheritedFilesAreOpen() throws Exception {
    // Asked by the commands themselves: a shell blocks signals and opens pipes to start one.
    assertThat(exec("", "grep", "SigBlk", "/proc/self/status").out())
        .isEqualTo("SigBlk:\t0000000000000000\n");
    assertThat(exec("", "ls", "-l", "/proc/self/fd").out())
        .contains(" 3 -> /dev/null\n")
        .doesNotContain(".jar\n", "/classes\n", "/lib/modules\n");
  }

  @Test
  void aSignalEndsTheCommandItself() throws Exception {
    Process process = start("sh", "-c", "echo ready; exec sleep 1000");
    assertThat(process.inputReader(UTF_8).readLine()).isEqualTo("ready");

    process.destroy();

    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(128 + 15);
  }

  @Test
  void aScriptThatDoesNotSayWhatItIsRunsInTheShell() throws Exception {
    script("plain", "echo plain $1\n");

    assertThat(exec("", "plain", "words").out()).isEqualTo("plain words\n");
  }

  @Test
  void whatCannotBeFoundOrRunIsNamed() throws Exception {
    Typed.Result lost =
        new Typed().with("FS_ROOT", fsRoot.toString()).hab("pkg", "exec", "acme/web", "nosuch");
    assertThat(lost.exit()).isEqualTo(1);
    assertThat(lost.err())
        .contains("Cannot find the command 'nosuch' in PATH, which here is '" + bin + "'");

    Ended directory = exec("", "/tmp");
    assertThat(directory.exit()).isEqualTo(1);
    assertThat(directory.err()).contains("Cannot run /tmp: Permission denied");
  }

  private void script(String name, String text) throws IOException {
    Path file = bin.resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Ended exec(String input, String... command) throws Exception {
    return end(start(command), input);
  }

  private static Ended end(Process process, String input) throws Exception {
    try (var stdin = process.outputWriter(UTF_8)) {
      stdin.write(input);
    }
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), out, err, process.pid());
  }

  private Process start(String... command) throws IOException {
    return startBy("exec \"$@\"", command);
  }

  /**
   * Starts the program.
   *
   * @param shell becomes it, with these words behind its own
   */
  private Process startBy(String shell, String... command) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "/bin/sh",
                "-c",
                shell + " 3</dev/null",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.monarch.cli.Main",
                "pkg",
                "exec",
                "acme/web"));
    words.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder
        .environment()
        .putAll(
            Map.of("FS_ROOT", fsRoot.toString(), "BAR", "from the caller", "LC_ALL", "C.UTF-8"));
    return builder.start();
  }
}
