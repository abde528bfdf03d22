package dev.monarch.supervisor.template;

/** What counts as white space where. */
final class Spaces {
  private Spaces() {}

  /** Nothing but what may stand between tags without being text: blanks, tabs, line ends. */
  static boolean isBlank(String text) {
    return text.chars().allMatch(c -> c == ' ' || c == '\t' || c == '\r' || c == '\n');
  }

  /** Without white space of any kind, as Unicode defines it, at the beginning. */
  static String trimStart(String text) {
    int start = 0;
    while (start < text.length() && isSpace(text.charAt(start))) {
      start++;
    }
    return text.substring(start);
  }

  /** Without white space of any kind at the end. */
  static String trimEnd(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /** Without the blanks at the beginning and one line end behind them. */
  static String withoutLineStart(String text) {
    int start = endOfBlanks(text, 0);
    if (text.startsWith("\r\n", start)) {
      return text.substring(start + 2);
    }
    return text.substring(text.startsWith("\n", start) ? start + 1 : start);
  }

  /** Without the blanks at the end. */
  static String withoutLineEnd(String text) {
    return text.substring(0, startOfBlanks(text, text.length()));
  }

  /** Where the blanks and tabs before the offset begin. */
  static int startOfBlanks(String text, int offset) {
    int start = offset;
    while (start > 0 && isBlank(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  /** Where the blanks and tabs from the offset on end. */
  static int endOfBlanks(String text, int offset) {
    int end = offset;
    while (end < text.length() && isBlank(text.charAt(end))) {
      end++;
    }
    return end;
  }

  static boolean isLineEnd(char c) {
    return c == '\n' || c == '\r';
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static boolean isSpace(char c) {
    return Character.isSpaceChar(c) || (c >= '\t' && c <= '\r') || c == 0x85;
  }
}
