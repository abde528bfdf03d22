package dev.monarch.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The terminal of this process, set and asked with the command {@code stty}. */
public final class Terminal {
  /** What a terminal was before there were windows. */
  private static final Size USUAL = new Size(24, 80);

  private Terminal() {}

  /** How much fits; neither is zero. */
  record Size(int rows, int columns) {}

  /** What stty says to these arguments; empty if there is no terminal, or no stty. */
  public static Optional<String> stty(String... arguments) {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(arguments));
    try {
      Process stty =
          new ProcessBuilder(command)
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String output = new String(stty.getInputStream().readAllBytes(), US_ASCII).strip();
      return stty.waitFor() == 0 ? Optional.of(output) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** How large it is now; a usual size if it does not tell. */
  static Size size() {
    return stty("size").flatMap(Terminal::size).orElse(USUAL);
  }

  /** Reads {@code 24 80}; a terminal that does not know its size says {@code 0 0}. */
  static Optional<Size> size(String text) {
    if (!text.matches("[0-9]{1,5} [0-9]{1,5}")) {
      return Optional.empty();
    }
    int space = text.indexOf(' ');
    int rows = Integer.parseInt(text.substring(0, space));
    int columns = Integer.parseInt(text.substring(space + 1));
    return rows == 0 || columns == 0 ? Optional.empty() : Optional.of(new Size(rows, columns));
  }
}
