package dev.monarch.cli;

import java.io.PrintStream;

/**
 * How a command talks to its operator: the original's symbols, colour only where it is seen.
 *
 * <p>What fails goes to standard error between two lines of crosses, as the original does it, so
 * that a reader of a long log finds it.
 */
public final class Says {
  private static final String BOLD_YELLOW = "\u001b[1;33m";
  private static final String BOLD_GREEN = "\u001b[1;32m";
  private static final String BOLD_MAGENTA = "\u001b[1;35m";
  private static final String PLAIN = "\u001b[0m";
  private static final String CROSSES = "✗✗✗";

  private Says() {}

  /** Something begins. */
  public static void begin(Surroundings surroundings, String text) {
    line(surroundings, BOLD_YELLOW, "» " + text);
  }

  /** Something is done. */
  public static void end(Surroundings surroundings, String text) {
    line(surroundings, BOLD_MAGENTA, "★ " + text);
  }

  /** What is being done now, as the original's words have it. */
  public enum Step {
    APPLYING("↑ Applying"),
    CREATING("Ω Creating"),
    ENCRYPTING("☛ Encrypting");

    private final String words;

    Step(String words) {
      this.words = words;
    }
  }

  /** A step on the way, and what it is about. */
  public static void step(Surroundings surroundings, Step step, String text) {
    surroundings.out().println(painted(surroundings, BOLD_GREEN, step.words) + " " + text);
  }

  private static void line(Surroundings surroundings, String colour, String text) {
    surroundings.out().println(painted(surroundings, colour, text));
  }

  private static String painted(Surroundings surroundings, String colour, String text) {
    return surroundings.coloured() ? colour + text + PLAIN : text;
  }

  /** Something is not as it should be, and the command goes on. */
  public static void warn(Surroundings surroundings, String text) {
    surroundings.err().println("Ø " + text);
  }

  /**
   * Something failed.
   *
   * @return the exit code of a command that failed
   */
  public static int failure(Surroundings surroundings, String text) {
    PrintStream err = surroundings.err();
    err.println(CROSSES);
    text.lines().forEach(line -> err.println(CROSSES + " " + line));
    err.println(CROSSES);
    return 1;
  }
}
