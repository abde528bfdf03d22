package dev.monarch.cli;

import java.io.PrintStream;
import java.util.List;

/**
 * The whole terminal, redrawn in place. What was on it before comes back in the end, also when the
 * program is interrupted.
 */
public final class Screen implements AutoCloseable {
  private static final String OTHER_SCREEN = "\u001b[?1049h\u001b[?25l";
  private static final String FIRST_SCREEN = "\u001b[?25h\u001b[?1049l";
  private static final String HOME = "\u001b[H";
  private static final String CLEAR_LINE_END = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  private final PrintStream out;
  private final Thread interrupted;
  private boolean open = true;

  private Screen(PrintStream out) {
    this.out = out;
    this.interrupted = new Thread(this::restore, "screen");
  }

  /** Takes the terminal. */
  public static Screen open(Surroundings surroundings) {
    Screen screen = new Screen(surroundings.out());
    Runtime.getRuntime().addShutdownHook(screen.interrupted);
    screen.out.print(OTHER_SCREEN);
    screen.out.flush();
    return screen;
  }

  /** Shows these lines instead of the last ones. */
  public synchronized void draw(List<String> lines) {
    if (!open) {
      return;
    }
    StringBuilder picture = new StringBuilder(HOME);
    lines.forEach(line -> picture.append(line).append(CLEAR_LINE_END).append("\r\n"));
    out.print(picture.append(CLEAR_BELOW));
    out.flush();
  }

  private synchronized void restore() {
    if (open) {
      open = false;
      out.print(FIRST_SCREEN);
      out.flush();
    }
  }

  @Override
  public void close() {
    restore();
    try {
      Runtime.getRuntime().removeShutdownHook(interrupted);
    } catch (IllegalStateException endingAlready) {
      // The hook runs, and finds nothing to do.
    }
  }
}
