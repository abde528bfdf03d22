package dev.monarch.checks;

import java.util.Locale;

/**
 * One run of a test that claims a check, as a line of a {@code .tsv} file.
 *
 * @param check specification and number, such as {@code butterfly-23}
 * @param test class and method, joined by {@code #}
 * @param reason why it did not pass, else empty
 */
record Claim(String check, String test, Outcome outcome, String reason) {
  private static final int REASON_CHARACTERS_MAX = 300;

  Claim {
    String oneLine = reason.replaceAll("\\s+", " ").strip();
    reason =
        oneLine.length() <= REASON_CHARACTERS_MAX
            ? oneLine
            : oneLine.substring(0, REASON_CHARACTERS_MAX) + "…";
  }

  static Claim parse(String line) {
    String[] fields = line.split("\t", -1);
    if (fields.length != 4) {
      throw new IllegalArgumentException(
          "Expected check, test, outcome and reason divided by tabs, found: " + line);
    }
    return new Claim(
        fields[0], fields[1], Outcome.valueOf(fields[2].toUpperCase(Locale.ROOT)), fields[3]);
  }

  String line() {
    return String.join("\t", check, test, outcome.label(), reason);
  }
}
