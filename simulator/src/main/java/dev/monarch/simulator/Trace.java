package dev.monarch.simulator;

import dev.monarch.butterfly.Input;
import dev.monarch.butterfly.Output;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last things that happened, kept as they are and made readable only when a run fails. */
final class Trace {
  /** As many as a person reads. */
  private static final int LINES_MAX = 200;

  private static final int COLUMNS_MAX = 600;

  private record Line(long at, int host, @Nullable Input input, List<Output> outputs, String note) {
    String text() {
      StringBuilder text = new StringBuilder(120);
      text.append("%12.6f ".formatted(at / 1e9));
      text.append(host < 0 ? "      " : "h%-4d ".formatted(host)).append(note);
      if (input != null) {
        text.append(input);
      }
      for (Output output : outputs) {
        text.append("\n                       -> ").append(cut(output.toString()));
      }
      return text.toString();
    }

    private static String cut(String text) {
      return text.length() <= COLUMNS_MAX ? text : text.substring(0, COLUMNS_MAX) + " …";
    }
  }

  private final @Nullable Line[] lines = new @Nullable Line[LINES_MAX];
  private long count;

  void add(long at, int host, Input input, List<Output> outputs) {
    lines[(int) (count++ % LINES_MAX)] = new Line(at, host, input, outputs, "");
  }

  void note(long at, String note) {
    lines[(int) (count++ % LINES_MAX)] = new Line(at, Host.OUTSIDER, null, List.of(), note);
  }

  String text() {
    StringBuilder text = new StringBuilder();
    for (long i = Math.max(0, count - LINES_MAX); i < count; i++) {
      Line line = lines[(int) (i % LINES_MAX)];
      if (line != null) {
        text.append(line.text()).append('\n');
      }
    }
    return text.toString();
  }
}
