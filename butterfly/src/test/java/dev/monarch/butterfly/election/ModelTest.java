package dev.monarch.butterfly.election;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model of elections beside the docs, searched by SPIN where that is installed. */
class ModelTest {
  private static final Path CHECK = Path.of("..", "docs", "model", "check");

  /** Many times what it takes, for a busy machine. */
  private static final Duration DEADLINE = Duration.ofMinutes(8);

  @TempDir private Path directory;

  @Test
  void whatTheModelStatesComesOut() throws Exception {
    needsProgram("spin", "spin");
    needsProgram("cc", "gcc");
    Path printed = directory.resolve("printed");
    Process check =
        new ProcessBuilder(CHECK.toAbsolutePath().normalize().toString(), "brief")
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    try {
      boolean ended = check.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS);

      assertThat(ended).as(Files.readString(printed)).isTrue();
      assertThat(check.exitValue()).as(Files.readString(printed)).isZero();
    } finally {
      check.descendants().forEach(ProcessHandle::destroyForcibly);
      check.destroyForcibly();
    }
  }

  private static void needsProgram(String name, String debianPackage) {
    boolean found =
        Pattern.compile(":")
            .splitAsStream(System.getenv().getOrDefault("PATH", ""))
            .anyMatch(path -> Files.isExecutable(Path.of(path, name)));
    String reason = "the program " + name + " is missing: install the package " + debianPackage;
    if (!found) {
      System.out.println("butterfly: skipped: " + reason);
    }
    Assumptions.assumeTrue(found, reason);
  }
}
