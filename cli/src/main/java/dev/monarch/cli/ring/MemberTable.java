package dev.monarch.cli.ring;

import dev.monarch.wire.Health;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Members as a table for people, and as JSON for programs. */
final class MemberTable {
  private static final List<String> HEADINGS =
      List.of("member", "address", "health", "incarnation", "permanent");
  private static final int HEALTH_COLUMN = HEADINGS.indexOf("health");
  private static final String GAP = "  ";

  private MemberTable() {}

  /** The lines of the table, the heading first. */
  static List<String> lines(RingMembers ring, boolean coloured) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADINGS);
    for (RingMembers.Row member : ring.members()) {
      rows.add(
          List.of(
              member.id(),
              member.place(),
              member.healthText(),
              member.incarnationText(),
              member.permanent() ? "yes" : "no"));
    }
    int[] widths = new int[HEADINGS.size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (int r = 0; r < rows.size(); r++) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String cell = rows.get(r).get(column);
        if (column < widths.length - 1) {
          cell = cell + " ".repeat(widths[column] - cell.length()) + GAP;
        }
        if (coloured && r > 0 && column == HEALTH_COLUMN) {
          cell = HealthColour.of(ring.members().get(r - 1).health()) + cell + HealthColour.PLAIN;
        }
        line.append(cell);
      }
      lines.add(line.toString());
    }
    return lines;
  }

  /** Such as {@code 5 members: 4 alive, 1 suspect}. */
  static String summary(RingMembers ring) {
    Map<Health, Long> counts =
        ring.members().stream()
            .collect(
                Collectors.groupingBy(
                    RingMembers.Row::health,
                    () -> new EnumMap<>(Health.class),
                    Collectors.counting()));
    int members = ring.members().size();
    return members
        + (members == 1 ? " member: " : " members: ")
        + counts.entrySet().stream()
            .map(e -> e.getValue() + " " + e.getKey().name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
  }

  /** An array of objects, one a line. */
  static String json(RingMembers ring) {
    return ring.members().stream()
        .map(
            m ->
                "{\"id\":%s,\"address\":%s,\"swim_port\":%d,\"gossip_port\":%d,\"health\":\"%s\",\"incarnation\":%s,\"permanent\":%b}"
                    .formatted(
                        quoted(m.id()),
                        quoted(m.address()),
                        m.swimPort(),
                        m.gossipPort(),
                        m.healthText(),
                        m.incarnationText(),
                        m.permanent()))
        .collect(Collectors.joining(",\n ", "[", "]"));
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
