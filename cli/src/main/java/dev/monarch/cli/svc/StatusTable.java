package dev.monarch.cli.svc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.monarch.supervisor.http.Json;
import dev.monarch.wire.control.ControlReply.ServiceStatus;
import dev.monarch.wire.control.DesiredState;
import dev.monarch.wire.control.ProcessState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Services as a table for people (supervisor.md 10.6), and as JSON for programs. */
final class StatusTable {
  private static final List<String> HEADINGS =
      List.of("package", "type", "desired", "state", "elapsed (s)", "pid", "group");
  private static final String NONE = "<none>";
  private static final String GAP = "  ";

  private StatusTable() {}

  /** The lines of the table, the heading first. Scripts cut them into columns. */
  static List<String> lines(List<ServiceStatus> services) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADINGS);
    services.forEach(service -> rows.add(row(service)));
    int[] widths = new int[HEADINGS.size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    int last = widths.length - 1;
    var line = new StringBuilder();
    for (int column = 0; column < last; column++) {
      String cell = row.get(column);
      line.append(cell).append(" ".repeat(widths[column] - cell.length())).append(GAP);
    }
    return line.append(row.get(last)).toString();
  }

  private static List<String> row(ServiceStatus service) {
    return List.of(
        service.ident().toString(),
        // There was another kind once; scripts expect the word.
        "standalone",
        service.desiredState().map(StatusTable::word).orElse(NONE),
        word(service.process().state()),
        Long.toUnsignedString(service.process().elapsedSeconds().orElse(0)),
        service.process().pid().isPresent()
            ? Integer.toUnsignedString(service.process().pid().getAsInt())
            : NONE,
        service.group().toString());
  }

  private static String word(DesiredState state) {
    return switch (state) {
      case UP -> "up";
      case DOWN -> "down";
    };
  }

  private static String word(ProcessState state) {
    return switch (state) {
      case UP -> "up";
      case DOWN -> "down";
    };
  }

  /** An array of objects, one a line; what is not known is left out. */
  static String json(List<ServiceStatus> services) {
    return services.stream().map(StatusTable::json).collect(Collectors.joining(",\n ", "[", "]"));
  }

  private static String json(ServiceStatus service) {
    byte[] object =
        Json.object(
            json -> {
              json.text("package", service.ident().toString());
              service.desiredState().ifPresent(state -> json.text("desired", word(state)));
              json.text("state", word(service.process().state()));
              service
                  .process()
                  .elapsedSeconds()
                  .ifPresent(seconds -> json.unsigned("elapsed_seconds", seconds));
              service.process().pid().ifPresent(pid -> json.number("pid", pid));
              json.text("group", service.group().toString());
            });
    return new String(object, UTF_8);
  }
}
