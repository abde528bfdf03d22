package dev.monarch.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that is run to its end. */
record Command(List<String> words, Map<String, String> environment) {
  /** Long beside what any of them takes, on a loaded machine too. */
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  Command {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  /** How a program ended; output and errors together, in order. */
  record Ending(int exit, String output) {}

  static Command of(String... words) {
    return new Command(List.of(words), Map.of());
  }

  Ending run() {
    return run("");
  }

  /** Runs it with this text as its input. */
  Ending run(String input) {
    try {
      Path in = Files.createTempFile("monarch-command", ".in");
      Path out = Files.createTempFile("monarch-command", ".out");
      try {
        Files.writeString(in, input);
        ProcessBuilder builder = new ProcessBuilder(words);
        Surroundings.clean(builder.environment());
        builder.environment().putAll(environment);
        builder.redirectInput(in.toFile()).redirectErrorStream(true).redirectOutput(out.toFile());
        Process process = builder.start();
        try {
          if (!process.waitFor(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError(
                "still running after " + DEADLINE + ": " + words + "\n" + read(out));
          }
          return new Ending(process.exitValue(), read(out));
        } finally {
          process.destroyForcibly();
        }
      } finally {
        Files.delete(in);
        Files.delete(out);
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot run " + words, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + words, e);
    }
  }

  /** Runs it and returns its output; another exit than 0 is an error. */
  String must() {
    return must("");
  }

  String must(String input) {
    Ending ending = run(input);
    if (ending.exit() != 0) {
      throw new IllegalStateException(
          words + " ended with " + ending.exit() + ": " + ending.output());
    }
    return ending.output();
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
