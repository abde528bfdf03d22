package dev.monarch.supervisor.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes values as JSON, in one line or with two blanks for each level. */
final class JsonText {
  private final Output output;
  private final boolean pretty;

  private JsonText(Output output, boolean pretty) {
    this.output = output;
    this.pretty = pretty;
  }

  static void pretty(@Nullable Object value, Output output) throws RenderFault {
    new JsonText(output, true).value(value, 0);
  }

  static void compact(@Nullable Object value, Output output) throws RenderFault {
    new JsonText(output, false).value(value, 0);
  }

  private void value(@Nullable Object value, int depth) throws RenderFault {
    switch (value) {
      case null -> output.write("null");
      case Map<?, ?> map when map.isEmpty() -> output.write("{}");
      case List<?> list when list.isEmpty() -> output.write("[]");
      case Map<?, ?> map -> {
        String before = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          output.write(before);
          line(depth + 1);
          output.write(quoted((String) entry.getKey()));
          output.write(pretty ? ": " : ":");
          value(entry.getValue(), depth + 1);
          before = ",";
        }
        line(depth);
        output.write("}");
      }
      case List<?> list -> {
        String before = "[";
        for (Object element : list) {
          output.write(before);
          line(depth + 1);
          value(element, depth + 1);
          before = ",";
        }
        line(depth);
        output.write("]");
      }
      case Double number when !Double.isFinite(number) -> output.write("null");
      case Double number -> output.write(Values.decimal(number));
      case Long number -> output.write(number.toString());
      case Boolean flag -> output.write(flag.toString());
      default -> output.write(quoted(Values.text(value).orElseThrow()));
    }
  }

  private void line(int depth) throws RenderFault {
    if (pretty) {
      output.write("\n" + "  ".repeat(depth));
    }
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\b' -> quoted.append("\\b");
        case '\t' -> quoted.append("\\t");
        case '\n' -> quoted.append("\\n");
        case '\f' -> quoted.append("\\f");
        case '\r' -> quoted.append("\\r");
        default -> {
          if (c < 0x20) {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
