package dev.monarch.wire;

/** Recognises dotted IPv4 literals without asking a resolver. */
public final class Ipv4 {
  private Ipv4() {}

  /** True for four decimal numbers of 0 to 255 without leading zeros, joined by dots. */
  public static boolean isLiteral(String text) {
    if (text.length() < 7 || text.length() > 15) {
      return false;
    }
    int parts = 0;
    int start = 0;
    while (start <= text.length()) {
      int dot = text.indexOf('.', start);
      int end = dot < 0 ? text.length() : dot;
      if (!isOctet(text, start, end)) {
        return false;
      }
      parts++;
      start = end + 1;
    }
    return parts == 4;
  }

  private static boolean isOctet(String text, int start, int end) {
    int length = end - start;
    if (length < 1 || length > 3 || (length > 1 && text.charAt(start) == '0')) {
      return false;
    }
    int value = 0;
    for (int i = start; i < end; i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return false;
      }
      value = value * 10 + (digit - '0');
    }
    return value <= 255;
  }
}
