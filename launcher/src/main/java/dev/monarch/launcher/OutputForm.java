package dev.monarch.launcher;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How lines of the Launcher and of services look (supervisor.md 13.1).
 *
 * <pre>
 *   hab-launch(SV): text     web.default(O): line
 *   {"preamble":"web.default","logkey":"O","content":"line"}
 * </pre>
 *
 * @param colour with the terminal's colours
 * @param json one JSON object a line
 */
public record OutputForm(boolean colour, boolean json) {
  private static final String RESET = "\u001b[0m";
  private static final String CYAN = "\u001b[36m";
  private static final String BOLD = "\u001b[1m";

  /**
   * The form that these arguments of {@code hab sup run} ask for.
   *
   * @param terminal whether standard output is read on a terminal
   */
  static OutputForm of(List<String> arguments, boolean terminal, boolean noColour) {
    return new OutputForm(
        terminal && !noColour && !arguments.contains("--no-color"),
        arguments.contains("--json-logging"));
  }

  /**
   * A whole line.
   *
   * @param line its text in UTF-8; bytes of a service that are something else stay what they are,
   *     but in JSON
   */
  byte[] line(String preamble, String key, byte[] line, int length) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(length + 64);
    if (json) {
      String text = new String(line, 0, length, StandardCharsets.UTF_8);
      bytes.writeBytes(
          utf8(
              "{\"preamble\":%s,\"logkey\":%s,\"content\":%s}"
                  .formatted(quoted(preamble), quoted(key), quoted(text))));
    } else {
      bytes.writeBytes(
          utf8(
              colour
                  ? CYAN + preamble + RESET + "(" + BOLD + key + RESET + "): "
                  : preamble + "(" + key + "): "));
      bytes.write(line, 0, length);
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ') {
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
