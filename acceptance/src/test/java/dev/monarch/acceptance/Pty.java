package dev.monarch.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A program on a terminal of its own, which the command {@code script} provides. */
final class Pty implements AutoCloseable {
  /** A whole picture begins in the upper left corner. */
  private static final String HOME = "\u001b[H";

  private final Path output;
  private final Process script;

  /**
   * Starts it.
   *
   * @param words the program and its arguments
   */
  Pty(Path directory, int rows, int columns, List<String> words, Map<String, String> environment)
      throws IOException {
    Machine.needsProgram("script", "bsdutils");
    output = Files.createTempFile(directory, "terminal", ".out");
    String command =
        words.stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    ProcessBuilder builder =
        new ProcessBuilder(
            "script",
            "-qefc",
            "stty rows %d cols %d; exec %s".formatted(rows, columns, command),
            "/dev/null");
    Surroundings.clean(builder.environment());
    builder.environment().put("TERM", "xterm");
    builder.environment().putAll(environment);
    script = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
  }

  void type(String keys) throws IOException {
    script.getOutputStream().write(keys.getBytes(StandardCharsets.US_ASCII));
    script.getOutputStream().flush();
  }

  /** Waits for a picture with all of these in it. */
  void awaitShown(Duration within, String... texts) {
    Waiting.until(
        "the terminal shows " + String.join(", ", texts),
        within,
        () -> {
          String picture = picture();
          return new Waiting.Look(List.of(texts).stream().allMatch(picture::contains), picture);
        });
  }

  /** Waits until this was printed, wherever it stands. */
  void awaitPrinted(Duration within, String text) {
    Waiting.until(
        "the terminal printed " + text,
        within,
        () -> new Waiting.Look(output().contains(text), output()));
  }

  /** What it shows now, without colours. */
  String picture() {
    String all = output();
    return all.substring(Math.max(0, all.lastIndexOf(HOME)))
        .replaceAll("\u001b\\[[0-9;?]*.", "")
        .replace("\r", "");
  }

  /** Everything it ever printed. */
  String output() {
    try {
      return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + output, e);
    }
  }

  /** The program's exit code. */
  int awaitExit(Duration within) throws InterruptedException {
    if (!script.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running after " + within + ":\n" + picture());
    }
    return script.exitValue();
  }

  /** The programs that run on the terminal. */
  List<ProcessHandle> family() {
    return script.descendants().toList();
  }

  @Override
  public void close() {
    family().forEach(ProcessHandle::destroyForcibly);
    script.destroyForcibly();
  }
}
