package dev.monarch.cli.ctl;

import dev.monarch.cli.Surroundings;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Prints the pieces of text that a Supervisor has for the user's terminal as they come. */
public final class ConsoleText implements Consumer<ConsoleLine> {
  private static final String PLAIN = "\u001b[0m";
  private static final String BOLD = "\u001b[1m";

  /** Names are the wire's, in small letters. */
  private static final Map<String, String> COLOURS =
      Map.of(
          "black", "\u001b[30m",
          "red", "\u001b[31m",
          "green", "\u001b[32m",
          "yellow", "\u001b[33m",
          "blue", "\u001b[34m",
          "magenta", "\u001b[35m",
          "cyan", "\u001b[36m",
          "white", "\u001b[37m");

  private final Surroundings surroundings;

  public ConsoleText(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void accept(ConsoleLine line) {
    PrintStream out = surroundings.out();
    Optional<String> colour =
        line.colour().map(name -> COLOURS.getOrDefault(name.toLowerCase(Locale.ROOT), ""));
    if (surroundings.coloured() && (colour.isPresent() || line.bold())) {
      out.print((line.bold() ? BOLD : "") + colour.orElse("") + line.line() + PLAIN);
    } else {
      out.print(line.line());
    }
    out.flush();
  }
}
