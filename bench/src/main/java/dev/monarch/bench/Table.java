package dev.monarch.bench;

import java.util.ArrayList;
import java.util.List;

/** A Markdown table whose columns also line up on a terminal. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... headings) {
    rows.add(List.of(headings));
  }

  Table row(String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException(
          "expected " + rows.getFirst().size() + " cells, found " + cells.length);
    }
    rows.add(List.of(cells));
    return this;
  }

  String text() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int place = 0; place < rows.size(); place++) {
      List<String> row = rows.get(place);
      for (int i = 0; i < columns; i++) {
        text.append("| ").append(row.get(i));
        text.repeat(" ", widths[i] - row.get(i).length() + 1);
      }
      text.append("|\n");
      if (place == 0) {
        for (int width : widths) {
          text.append("|").repeat("-", width + 2);
        }
        text.append("|\n");
      }
    }
    return text.toString();
  }
}
