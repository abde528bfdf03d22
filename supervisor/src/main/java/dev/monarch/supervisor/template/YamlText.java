package dev.monarch.supervisor.template;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as YAML in block style, byte for byte as the original does: lists in maps are not
 * indented, text of several lines is written literally, and text is quoted if it would otherwise be
 * read as something else or cannot be written plainly.
 */
final class YamlText {
  /** Longer keys are introduced by a question mark. */
  private static final int PLAIN_KEY_BYTES_MAX = 128;

  /** What YAML's core schema does not read as text. */
  private static final Pattern NO_TEXT =
      Pattern.compile(
          "|~|null|Null|NULL|true|True|TRUE|false|False|FALSE"
              + "|[+-]?0x[0-9a-fA-F]+|[+-]?0o[0-7]+|[+-]?0b[01]+"
              + "|[+-]?[0-9]+"
              + "|[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?"
              + "|[+-]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

  private final Output output;

  private YamlText(Output output) {
    this.output = output;
  }

  static void write(@Nullable Object value, Output output) throws RenderFault {
    var document = new Output(new Budget());
    var yaml = new YamlText(document);
    switch (value) {
      case Map<?, ?> map when !map.isEmpty() -> yaml.map(map, 0);
      case List<?> list when !list.isEmpty() -> yaml.list(list, 0);
      case null, default -> document.write(scalar(value, 2, false));
    }
    document.write(document.atLineStart() ? "" : "\n");
    output.write(document.toString());
  }

  /** A value that begins where the output is; its further lines begin at the indent. */
  private void node(@Nullable Object value, int indent) throws RenderFault {
    switch (value) {
      case Map<?, ?> map when !map.isEmpty() -> map(map, indent);
      case List<?> list when !list.isEmpty() -> list(list, indent);
      case null, default -> output.write(scalar(value, indent, false));
    }
  }

  private void map(Map<?, ?> map, int indent) throws RenderFault {
    boolean first = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!first) {
        line(indent);
      }
      first = false;
      String key = (String) entry.getKey();
      if (isLong(key)) {
        output.write("? " + scalar(key, indent + 2, false));
        line(indent);
        output.write(": ");
        node(entry.getValue(), indent + 2);
      } else {
        output.write(scalar(key, indent + 2, true) + ":");
        valueOf(entry.getValue(), indent);
      }
    }
  }

  private static boolean isLong(String key) {
    return key.codePoints().anyMatch(YamlText::isLineEnd)
        || key.getBytes(StandardCharsets.UTF_8).length > PLAIN_KEY_BYTES_MAX;
  }

  /** What follows a key and its colon. */
  private void valueOf(@Nullable Object value, int indent) throws RenderFault {
    switch (value) {
      case Map<?, ?> inner when !inner.isEmpty() -> {
        line(indent + 2);
        map(inner, indent + 2);
      }
      case List<?> inner when !inner.isEmpty() -> {
        line(indent);
        list(inner, indent);
      }
      case null, default -> output.write(" " + scalar(value, indent + 2, false));
    }
  }

  private void list(List<?> list, int indent) throws RenderFault {
    boolean first = true;
    for (Object element : list) {
      if (!first) {
        line(indent);
      }
      first = false;
      output.write("- ");
      node(element, indent + 2);
    }
  }

  private void line(int indent) throws RenderFault {
    output.write((output.atLineStart() ? "" : "\n") + " ".repeat(indent));
  }

  private static String scalar(@Nullable Object value, int indent, boolean key) {
    return switch (value) {
      case null -> "null";
      case Map<?, ?> _ -> "{}";
      case List<?> _ -> "[]";
      case Double number when !Double.isFinite(number) -> "null";
      case Double number -> Values.decimal(number).replace("e+", "e");
      case Long number -> number.toString();
      case Boolean flag -> flag.toString();
      default -> text(Values.text(value).orElseThrow(), indent, key);
    };
  }

  private static String text(String text, int indent, boolean key) {
    boolean special = text.codePoints().anyMatch(c -> !isPrintable(c));
    boolean blankBeforeLineEnd = text.contains(" \n");
    if (text.contains("\n")) {
      boolean literal = !special && !blankBeforeLineEnd && !text.endsWith(" ") && !key;
      return literal ? literal(text, indent) : doubleQuoted(text);
    }
    if (special) {
      return doubleQuoted(text);
    }
    boolean quoted = NO_TEXT.matcher(text).matches() || !mayBePlain(text);
    return quoted ? "'" + text.replace("'", "''") + "'" : text;
  }

  /** No sign in the text would be taken for one of YAML. */
  private static boolean mayBePlain(String text) {
    if (text.startsWith("---")
        || text.startsWith("...")
        || text.startsWith(" ")
        || text.endsWith(" ")
        || "#,[]{}&*!|>'\"%@`".indexOf(text.charAt(0)) >= 0) {
      return false;
    }
    if ("-?:".indexOf(text.charAt(0)) >= 0 && (text.length() == 1 || text.charAt(1) == ' ')) {
      return false;
    }
    return !text.contains(": ") && !text.endsWith(":") && !text.contains(" #");
  }

  private static String literal(String text, int indent) {
    var literal = new StringBuilder("|");
    if (text.startsWith(" ") || text.startsWith("\n")) {
      literal.append('2');
    }
    if (!text.endsWith("\n")) {
      literal.append('-');
    } else if (text.equals("\n") || text.endsWith("\n\n")) {
      literal.append('+');
    }
    literal.append('\n');
    boolean lineBegins = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      literal.append(lineBegins && c != '\n' ? " ".repeat(indent) : "").append(c);
      lineBegins = c == '\n';
    }
    return literal.toString();
  }

  private static String doubleQuoted(String text) {
    var quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '"', '\\' -> quoted.append('\\').appendCodePoint(c);
                case 0 -> quoted.append("\\0");
                case 7 -> quoted.append("\\a");
                case '\b' -> quoted.append("\\b");
                case '\t' -> quoted.append("\\t");
                case '\n' -> quoted.append("\\n");
                case 0x0b -> quoted.append("\\v");
                case '\f' -> quoted.append("\\f");
                case '\r' -> quoted.append("\\r");
                case 0x1b -> quoted.append("\\e");
                case 0x85 -> quoted.append("\\N");
                case 0x2028 -> quoted.append("\\L");
                case 0x2029 -> quoted.append("\\P");
                default -> {
                  if (isPrintable(c)) {
                    quoted.appendCodePoint(c);
                  } else {
                    quoted.append(escape(c));
                  }
                }
              }
            });
    return quoted.append('"').toString();
  }

  private static String escape(int c) {
    String format = c > 0xffff ? "\\U%08X" : c > 0xff ? "\\u%04X" : "\\x%02X";
    return String.format(Locale.ROOT, format, c);
  }

  private static boolean isLineEnd(int c) {
    return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
  }

  private static boolean isPrintable(int c) {
    return c == '\n'
        || (c >= 0x20 && c <= 0x7e)
        || (c >= 0xa0 && c <= 0xd7ff && c != 0x2028 && c != 0x2029)
        || (c >= 0xe000 && c <= 0xfffd && c != 0xfeff)
        || c > 0xffff;
  }
}
