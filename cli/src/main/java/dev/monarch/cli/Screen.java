package dev.monarch.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The whole terminal, redrawn in place. What was on it before comes back in the end, also when the
 * program is interrupted. What does not fit is cut off, since a terminal that scrolls loses the
 * top.
 */
public final class Screen implements AutoCloseable {
  private static final String OTHER_SCREEN = "\u001b[?1049h\u001b[?25l";
  private static final String FIRST_SCREEN = "\u001b[?25h\u001b[?1049l";
  private static final String HOME = "\u001b[H";
  private static final String NEXT_LINE = "\r\n";
  private static final String CLEAR_LINE_END = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";
  private static final char ESCAPE = '\u001b';

  /** A window that was made larger or smaller is noticed after this time. */
  private static final long SIZE_NANOS = 1_000_000_000;

  private final PrintStream out;
  private final Thread interrupted;
  private boolean open = true;
  private Terminal.Size size = Terminal.size();
  private long sizeAt = System.nanoTime();

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

  /** Shows these lines instead of the last ones; the last of them in any case. */
  public synchronized void draw(List<String> lines) {
    if (!open) {
      return;
    }
    if (System.nanoTime() - sizeAt > SIZE_NANOS) {
      size = Terminal.size();
      sizeAt = System.nanoTime();
    }
    List<String> shown = fitting(lines, size);
    StringBuilder picture = new StringBuilder(HOME);
    for (int row = 0; row < shown.size(); row++) {
      // Cleared before it is written: after a whole row the cursor stands on its last character.
      picture.append(row == 0 ? "" : NEXT_LINE).append(CLEAR_LINE_END).append(shown.get(row));
    }
    if (shown.size() < size.rows()) {
      picture.append(NEXT_LINE).append(CLEAR_BELOW);
    }
    out.print(picture);
    out.flush();
  }

  /** Each line cut to the width, and the lines above the last one to the height. */
  static List<String> fitting(List<String> lines, Terminal.Size size) {
    List<String> shown = new ArrayList<>(lines);
    if (lines.size() > size.rows()) {
      shown.subList(size.rows() - 1, lines.size() - 1).clear();
    }
    shown.replaceAll(line -> cut(line, size.columns()));
    return shown;
  }

  /** Colours take no room, and those that are switched on are switched off again. */
  private static String cut(String line, int columns) {
    StringBuilder cut = new StringBuilder();
    int column = 0;
    boolean escaped = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == ESCAPE) {
        escaped = true;
      }
      if (escaped) {
        cut.append(c);
        escaped = c != 'm';
      } else if (column < columns) {
        cut.append(c);
        column++;
      }
    }
    return cut.toString();
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
