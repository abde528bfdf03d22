package dev.monarch.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lets Jazzer, a fuzzer that watches which branches an input reaches, look for bytes that make a
 * decoder break its promises ({@link FuzzTarget}). It starts from the observed messages.
 *
 * <p>Every build runs it for a few seconds from the same seed: mostly the same inputs each time, so
 * that a build fails for what was changed and hardly for its luck. The long form tries others, and
 * keeps what it learns in {@code target/fuzz}, so that the next run goes on from there; here five
 * minutes for each decoder:
 *
 * <pre>mvn -pl wire -am test -Dtest=CoverageGuidedFuzzTest -Dsurefire.failIfNoSpecifiedTests=false
 *     -Dfuzz.seconds=300</pre>
 *
 * <p>An input that breaks a promise is left in {@code target/fuzz/<decoder>} as {@code crash-…}; it
 * belongs into a test of its own then. {@code -Dfuzz.seconds=0} leaves this test out. Jazzer runs
 * in its own process because it takes the whole virtual machine; JUnit 6 is none of its business
 * so.
 */
class CoverageGuidedFuzzTest {
  private static final OptionalInt SECONDS =
      Stream.ofNullable(Integer.getInteger("fuzz.seconds")).mapToInt(Integer::intValue).findFirst();

  /** Of the build: some seconds for the slowest decoder. */
  private static final List<String> THE_SAME = List.of("-seed=4711", "-runs=5000");

  /** For starting, loading the corpus and stopping, or for the runs of the build. */
  private static final int SECONDS_AROUND = 300;

  @ParameterizedTest
  @EnumSource
  void noInputBreaksAPromise(FuzzTarget target, @TempDir Path fresh)
      throws IOException, InterruptedException {
    Assumptions.assumeTrue(SECONDS.orElse(1) > 0, "-Dfuzz.seconds=0 leaves the fuzzer out");
    Path work =
        Files.createDirectories(Path.of("target", "fuzz", target.name().toLowerCase(Locale.ROOT)));
    Path corpus =
        Files.createDirectories(
            (SECONDS.isPresent() ? work.toAbsolutePath() : fresh).resolve("corpus"));
    List<byte[]> seeds = target.seeds();
    for (int i = 0; i < seeds.size(); i++) {
      Files.write(corpus.resolve("vector-" + i), seeds.get(i));
    }
    Path log = work.resolve("log.txt").toAbsolutePath();
    Process fuzzer =
        new ProcessBuilder(command(target, corpus))
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(fuzzer.waitFor(SECONDS.orElse(0) + SECONDS_AROUND, TimeUnit.SECONDS))
          .as("the fuzzer ends in time; its log: %s", log)
          .isTrue();
      String said = Files.readString(log);
      assertThat(fuzzer.exitValue()).as(said).isZero();
      assertThat(said).contains("Done ");
    } finally {
      fuzzer.destroyForcibly();
    }
  }

  private static List<String> command(FuzzTarget target, Path corpus) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-XX:+EnableDynamicAgentLoading",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dfuzz.target=" + target,
            "-cp",
            System.getProperty("java.class.path"),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + JazzerEntrance.class.getName(),
            "--instrumentation_includes=dev.monarch.wire.**",
            "--custom_hook_includes=dev.monarch.wire.**",
            "-timeout=60",
            "-max_len=4096"));
    if (SECONDS.isPresent()) {
      command.add("-max_total_time=" + SECONDS.getAsInt());
    } else {
      command.addAll(THE_SAME);
    }
    command.add(corpus.toString());
    return command;
  }
}
