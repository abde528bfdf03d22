package dev.monarch.supervisor.layers;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes trees as the TOML that the original prints, byte for byte, because it ends in files and
 * rumors that are compared (supervisor.md 7.5 {@code toToml}, 3.2, 6.6).
 *
 * <p>A table's own keys come before the tables in it, each group in the order of the tree. A table
 * that holds nothing but tables has no header of its own. A list is written as {@code [[rows]]} if
 * it has elements and all of them are tables, else in one line. Text is put between quotes if that
 * needs no escapes, else between apostrophes, else between three of either, else with escapes.
 */
public final class TomlText {
  private static final Pattern BARE_KEY = Pattern.compile("[A-Za-z0-9_-]+");

  /** What only an escape can say; a tab goes unescaped between apostrophes. */
  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f]");

  private static final DateTimeFormatter TIME = DateTimeFormatter.ISO_LOCAL_TIME;
  private static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ISO_LOCAL_DATE_TIME;
  private static final DateTimeFormatter OFFSET_DATE_TIME = DateTimeFormatter.ISO_OFFSET_DATE_TIME;

  /** Finished blocks: a header, if there is one, and the lines that belong to it. */
  private final List<String> blocks = new ArrayList<>();

  private TomlText() {}

  /**
   * The document of a tree; it ends with a line break unless it is empty.
   *
   * @throws IllegalArgumentException if it holds something that TOML cannot say, such as null
   */
  public static String write(Map<String, Object> tree) {
    var text = new TomlText();
    text.block("", "", tree);
    return String.join("\n", text.blocks);
  }

  /** A value on its own, as it stands behind an equals sign. */
  public static String writeValue(Object value) {
    return switch (value) {
      case String text -> string(text);
      case Boolean flag -> flag.toString();
      case Long number -> number.toString();
      case Double number -> decimal(number);
      case OffsetDateTime time -> OFFSET_DATE_TIME.format(time);
      case LocalDateTime time -> DATE_TIME.format(time);
      case LocalDate date -> date.toString();
      case LocalTime time -> TIME.format(time);
      case List<?> list ->
          list.stream().map(TomlText::writeValue).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> table when table.isEmpty() -> "{}";
      case Map<?, ?> table ->
          table.entrySet().stream()
              .map(entry -> key((String) entry.getKey()) + " = " + writeValue(entry.getValue()))
              .collect(Collectors.joining(", ", "{ ", " }"));
      case null -> throw unsupported("null");
      default -> throw unsupported(value.getClass().getName());
    };
  }

  private static IllegalArgumentException unsupported(String found) {
    return new IllegalArgumentException(
        "expected text, a number, a truth value, a time, a list or a table for TOML, found "
            + found
            + "; leave the key out");
  }

  private void block(String header, String path, Map<?, ?> table) {
    var lines = new StringBuilder();
    table.forEach(
        (key, value) -> {
          if (!(value instanceof Map<?, ?>) && !isRows(value)) {
            lines.append(key((String) key)).append(" = ").append(writeValue(value)).append('\n');
          }
        });
    boolean isRow = header.startsWith("[[");
    boolean holdsTables = table.values().stream().anyMatch(v -> v instanceof Map || isRows(v));
    if (isRow || !lines.isEmpty() || !(header.isEmpty() || holdsTables)) {
      blocks.add(header + lines);
    }
    table.forEach(
        (key, value) -> {
          String inner = path + key((String) key);
          if (value instanceof Map<?, ?> child) {
            block("[" + inner + "]\n", inner + ".", child);
          } else if (isRows(value)) {
            ((List<?>) value)
                .forEach(row -> block("[[" + inner + "]]\n", inner + ".", (Map<?, ?>) row));
          }
        });
  }

  private static boolean isRows(Object value) {
    return value instanceof List<?> list
        && !list.isEmpty()
        && list.stream().allMatch(Map.class::isInstance);
  }

  private static String decimal(double number) {
    if (Double.isNaN(number)) {
      return "nan";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "inf" : "-inf";
    }
    if (number == 0) {
      return 1 / number > 0 ? "0.0" : "-0.0";
    }
    String shortest = new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    return shortest.contains(".") ? shortest : shortest + ".0";
  }

  /** A key as it stands before an equals sign. */
  static String key(String key) {
    if (BARE_KEY.matcher(key).matches()) {
      return key;
    }
    boolean hasControls = CONTROL.matcher(key).find() || key.contains("\n");
    boolean isPlain = !hasControls && !key.contains("\\") && !key.contains("\"");
    boolean mayBeLiteral = !hasControls && !key.contains("'");
    return isPlain || !mayBeLiteral ? '"' + escaped(key, false) + '"' : "'" + key + "'";
  }

  private static String string(String text) {
    boolean hasControls = CONTROL.matcher(text).find();
    boolean hasBackslash = text.contains("\\");
    boolean hasLines = text.contains("\n");
    String opening = hasLines ? "\n" : "";
    if (!hasControls && !hasBackslash && !text.contains("\"") && !hasLines) {
      return '"' + escaped(text, false) + '"';
    }
    if (!hasControls && !text.contains("'") && !hasLines) {
      return "'" + text + "'";
    }
    if (!hasControls && !hasBackslash && !text.contains("\"\"\"")) {
      return "\"\"\"" + opening + escaped(text, true) + "\"\"\"";
    }
    if (!hasControls && !text.contains("'''")) {
      return "'''" + opening + text + "'''";
    }
    return hasLines
        ? "\"\"\"" + opening + escaped(text, true) + "\"\"\""
        : '"' + escaped(text, false) + '"';
  }

  /** Between three quotes, line breaks stay and every third quote in a row is escaped. */
  private static String escaped(String text, boolean multiline) {
    var escaped = new StringBuilder(text.length());
    int quotes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      quotes = c == '"' ? quotes + 1 : 0;
      switch (c) {
        case '\b' -> escaped.append("\\b");
        case '\t' -> escaped.append("\\t");
        case '\n' -> escaped.append(multiline ? "\n" : "\\n");
        case '\f' -> escaped.append("\\f");
        case '\r' -> escaped.append("\\r");
        case '\\' -> escaped.append("\\\\");
        case '"' -> {
          boolean mayStay = multiline && quotes <= 2;
          escaped.append(mayStay ? "\"" : "\\\"");
          quotes = mayStay ? quotes : 0;
        }
        default -> {
          if (c < 0x20 || c == 0x7f) {
            escaped.append("\\u%04X".formatted((int) c));
          } else {
            escaped.append(c);
          }
        }
      }
    }
    return escaped.toString();
  }
}
