package dev.monarch.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/**
 * What a command sees of the process it runs in.
 *
 * @param env the environment variables
 * @param in standard input
 * @param out standard output
 * @param err standard error
 * @param typed true if standard input is a terminal
 * @param shown true if standard output is a terminal
 */
public record Surroundings(
    Map<String, String> env,
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean typed,
    boolean shown) {
  public Surroundings {
    env = Map.copyOf(env);
  }

  /** Those of this process. Which streams are terminals is told by {@code ./hab}. */
  static Surroundings ofProcess() {
    return new Surroundings(
        System.getenv(),
        System.in,
        System.out,
        System.err,
        Boolean.getBoolean("hab.stdin.terminal"),
        Boolean.getBoolean("hab.stdout.terminal"));
  }

  /** A variable that is set and not empty. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(env.get(name)).filter(value -> !value.isEmpty());
  }

  /** Whether to colour what goes to standard output. */
  public boolean coloured() {
    return shown && !isDumb() && !env.containsKey("NO_COLOR");
  }

  /** Whether the terminal knows no control sequences. */
  public boolean isDumb() {
    return variable("TERM").filter(term -> !term.equals("dumb")).isEmpty();
  }

  /** The same for the room below. */
  public dev.monarch.supervisor.Surroundings ofSupervisor() {
    return new dev.monarch.supervisor.Surroundings(env, out, err, shown);
  }
}
