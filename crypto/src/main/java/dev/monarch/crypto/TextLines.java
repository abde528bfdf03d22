package dev.monarch.crypto;

import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The lines of a key's or a box's text, counted as the original counts them: a carriage return
 * before a line feed is no part of its line, and a line feed at the end begins no further one.
 */
final class TextLines {
  private final List<String> lines;

  private TextLines(List<String> lines) {
    this.lines = lines;
  }

  static TextLines of(String text) {
    List<String> lines = List.of(text.replace("\r\n", "\n").split("\n", -1));
    return new TextLines(
        lines.getLast().isEmpty() ? lines.subList(0, lines.size() - 1) : List.copyOf(lines));
  }

  /** A line, the first being 0, if there are that many. */
  Optional<String> find(int index) {
    return index < lines.size() ? Optional.of(lines.get(index)) : Optional.empty();
  }

  /**
   * A line that must be there.
   *
   * @param problem what is wrong if it is not
   * @param form what the whole text is expected to be
   */
  String get(int index, String problem, String form) throws KeyException {
    return find(index).orElseThrow(() -> new KeyException(problem, form));
  }

  /** Strict, as the original is: the JDK alone would take text without padding and stray bits. */
  static Optional<byte[]> base64(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      return Optional.of(bytes).filter(b -> base64(b).equals(text));
    } catch (IllegalArgumentException notBase64) {
      // Its message is not passed on: it would quote a piece of the key.
      return Optional.empty();
    }
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
