package dev.monarch.supervisor;

import dev.monarch.supervisor.config.SupervisorConfig.Output;
import dev.monarch.supervisor.http.Json;
import dev.monarch.supervisor.service.Line;
import java.io.PrintStream;
import java.lang.StackWalker.StackFrame;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a Supervisor tells whoever started it, in the original's form (supervisor.md 13):
 *
 * <pre>
 *   hab-sup(MR): text
 *   hab-sup(MR)[Supervisor.java:120:1]: text                  with -v
 *   {"preamble":"hab-sup","logkey":"MR","content":"text"}     with --json-logging
 * </pre>
 *
 * <p>Each line is handed to the stream in one piece, so that lines of several threads do not mix.
 * Java's stack has no columns; the column is always 1.
 */
final class Console {
  private static final String RESET = "\u001b[0m";
  private static final String CYAN = "\u001b[36m";
  private static final String BOLD = "\u001b[1m";

  private final PrintStream out;
  private final Output output;

  /**
   * @param output how to print; colours are left out of what is not read on a terminal
   */
  Console(PrintStream out, Output output, boolean terminal) {
    this.out = out;
    this.output = new Output(output.verbose(), output.colour() && terminal, output.json());
  }

  /** Which part of a Supervisor speaks (supervisor.md 13.2). */
  enum Key {
    /** The manager. */
    MR,
    /** The peer watcher, and what else looks for members. */
    PW
  }

  /** The Supervisor itself says something. */
  void say(Key key, String text) {
    say(new Line(Line.SUPERVISOR, key.name(), text));
  }

  /** A service, a hook or the Supervisor says something. */
  void say(Line line) {
    Optional<StackFrame> caller = output.verbose() ? caller() : Optional.empty();
    print(output.json() ? json(line, caller) : plain(line, caller));
  }

  /** Several lines for a person to read; one line still if lines are JSON. */
  void tell(String text) {
    print(
        output.json()
            ? json(
                new Line(Line.SUPERVISOR, Key.MR.name(), text),
                output.verbose() ? caller() : Optional.empty())
            : text);
  }

  private void print(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
    out.flush();
  }

  private String plain(Line line, Optional<StackFrame> caller) {
    String place =
        caller.map(frame -> "[" + file(frame) + ":" + frame.getLineNumber() + ":1]").orElse("");
    String oneLine = line.text().replace('\n', ' ');
    return output.colour()
        ? CYAN
            + line.preamble()
            + RESET
            + "("
            + BOLD
            + line.key()
            + RESET
            + ")"
            + place
            + ": "
            + oneLine
        : line.preamble() + "(" + line.key() + ")" + place + ": " + oneLine;
  }

  private static String json(Line line, Optional<StackFrame> caller) {
    byte[] object =
        Json.object(
            json -> {
              json.text("preamble", line.preamble());
              json.text("logkey", line.key());
              caller.ifPresent(
                  frame -> {
                    json.text("file", file(frame));
                    json.number("line", frame.getLineNumber());
                    json.number("column", 1);
                  });
              json.text("content", line.text());
            });
    return new String(object, StandardCharsets.UTF_8);
  }

  private static String file(StackFrame frame) {
    return Optional.ofNullable(frame.getFileName()).orElse("?");
  }

  private static Optional<StackFrame> caller() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(frame -> !frame.getClassName().equals(Console.class.getName()))
                    .findFirst());
  }
}
