package dev.monarch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** A command line typed in a test, and what came of it. */
public final class Typed {
  private final Map<String, String> env = new HashMap<>();
  private String input = "";
  private boolean terminal;

  /** A finished command. */
  public record Result(int exit, String out, String err) {}

  public Typed with(String variable, String value) {
    env.put(variable, value);
    return this;
  }

  public Typed input(String text) {
    input = text;
    return this;
  }

  public Typed onTerminal() {
    terminal = true;
    return this.with("TERM", "xterm");
  }

  public Result hab(List<String> words) {
    return hab(words.toArray(String[]::new));
  }

  public Result hab(String... words) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int exit = Main.run(words, surroundings(out, err));
    return new Result(exit, out.toString(UTF_8), err.toString(UTF_8));
  }

  /** The commands, for a look at them. */
  CommandLine tree() {
    return Hab.commandLine(surroundings(new ByteArrayOutputStream(), new ByteArrayOutputStream()));
  }

  private Surroundings surroundings(OutputStream out, OutputStream err) {
    return new Surroundings(
        env,
        new ByteArrayInputStream(input.getBytes(UTF_8)),
        new PrintStream(out, true, UTF_8),
        new PrintStream(err, true, UTF_8),
        terminal,
        terminal);
  }
}
