package dev.monarch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * Runs harmless command lines in one process, so that the JVM can store the classes they load, and
 * later starts find them ready. Only {@code ./hab} calls it, after a build.
 */
final class Rehearsal {
  private static final List<String> LINES =
      List.of(
          "--version",
          "help",
          "help ring key generate",
          "sup run --help",
          "sup run --generate-config",
          "ring members --url http://127.0.0.1:1",
          "ring key export no-such-ring --cache-key-path /nonexistent",
          "ring members --no-such-option",
          "completion bash");

  private Rehearsal() {}

  public static void main(String[] args) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    for (String line : LINES) {
      var surroundings =
          new Surroundings(
              Map.of(), new ByteArrayInputStream(new byte[0]), nowhere, nowhere, false, false);
      int _ = Main.run(line.split(" "), surroundings);
    }
    System.exit(0);
  }
}
