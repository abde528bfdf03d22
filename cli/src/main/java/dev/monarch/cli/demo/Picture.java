package dev.monarch.cli.demo;

import dev.monarch.cli.ring.HealthColour;
import dev.monarch.wire.Health;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the terminal shows: who believes what about whom, and what changed last. */
final class Picture {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.S", Locale.ROOT).withZone(ZoneId.systemDefault());
  private static final String CELL = "%-11s";
  private static final int CHANGES_SHOWN_MAX = 10;
  private static final String BOLD = "\u001b[1m";
  private static final String HELP =
      "a-e select   s stop   k kill   f freeze   r revive   x split AB|CDE   h heal   q quit";

  /** A row of the picture. */
  record Row(Seat seat, DemoMember.State state) {}

  private final boolean coloured;

  Picture(boolean coloured) {
    this.coloured = coloured;
  }

  List<String> lines(
      List<Row> rows, Beliefs beliefs, List<Beliefs.Change> changes, char selected, boolean split) {
    List<String> lines = new ArrayList<>();
    lines.add(bold("hab ring demo") + "   network: " + (split ? "split AB | CDE" : "whole"));
    lines.add("");
    StringBuilder heading = new StringBuilder("  %-30s".formatted("Supervisor"));
    rows.forEach(row -> heading.append(CELL.formatted("sees " + row.seat().letter())));
    lines.add(heading.toString().stripTrailing());
    for (Row row : rows) {
      lines.add(line(row, rows, beliefs, selected));
    }
    lines.add("");
    changes.subList(Math.max(0, changes.size() - CHANGES_SHOWN_MAX), changes.size()).stream()
        .map(this::line)
        .forEach(lines::add);
    lines.add("");
    lines.add(HELP);
    return lines;
  }

  private String line(Row row, List<Row> rows, Beliefs beliefs, char selected) {
    Seat seat = row.seat();
    StringBuilder line = new StringBuilder();
    String head =
        "%s %c %-17s %-9s "
            .formatted(
                seat.letter() == selected ? ">" : " ",
                seat.letter(),
                seat.gossip(),
                row.state().name().toLowerCase(Locale.ROOT));
    line.append(seat.letter() == selected ? bold(head) : head);
    boolean speaks = row.state() == DemoMember.State.RUNNING;
    for (Row other : rows) {
      char subject = other.seat().letter();
      if (subject == seat.letter() || !speaks) {
        line.append(CELL.formatted(subject == seat.letter() ? "·" : ""));
        continue;
      }
      line.append(
          beliefs
              .about(seat.letter(), subject)
              .map(b -> coloured(b.to(), CELL.formatted(word(b.to()))))
              .orElse(CELL.formatted("?")));
    }
    return line.toString().stripTrailing();
  }

  private String line(Beliefs.Change change) {
    String who =
        "%s  %c: %c ".formatted(TIME.format(change.at()), change.observer(), change.subject());
    String now = coloured(change.to(), word(change.to()));
    return change.from().equals(Optional.of(change.to()))
        ? who + now + ", incarnation " + change.incarnation()
        : who + change.from().map(Picture::word).orElse("unknown") + " -> " + now;
  }

  private static String word(Health health) {
    return health.name().toLowerCase(Locale.ROOT);
  }

  private String coloured(Health health, String text) {
    return coloured ? HealthColour.of(health) + text + HealthColour.PLAIN : text;
  }

  private String bold(String text) {
    return coloured ? BOLD + text + HealthColour.PLAIN : text;
  }
}
