package dev.monarch.packages;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which of two version texts is the later one (supervisor.md 2.3, crypto-and-packages.md 6.3).
 *
 * <p>A version is taken apart at its first run of digits and dots; what comes before is ignored and
 * what follows is its extension.
 *
 * <pre>
 *   1.9      &lt;  1.10       numbers, not text
 *   1.0      =  1.0.0      a missing number is 0
 *   v1.2     =  1.2        what comes first is ignored
 *   1.0-rc1  &lt;  1.0        an extension loses to none, a patch letter like 1.0.2k too
 *   1.0-rc1  &lt;  1.0-rc2    two extensions compare as bytes
 *   master   &gt;  1.0        where the numbers cannot be read, the whole texts compare as bytes
 * </pre>
 *
 * <p>The last rule applies only when the unreadable number is reached: {@code 1.2.} is before
 * {@code 2.0} by its numbers and after {@code 1.2} by its text. So the order is not transitive
 * among such versions. Choose the greatest by going through them once; do not sort by it.
 */
public final class PackageVersion {
  /** Later versions are greater. Not transitive where numbers cannot be read. */
  public static final Comparator<String> ORDER = PackageVersion::compare;

  /** As UTF-8 bytes, which Java's own order of texts is not. */
  static final Comparator<String> BYTES =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private final List<String> numbers;
  private final String extension;

  private PackageVersion(String text) {
    int start = 0;
    while (start < text.length() && !isNumeric(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    int end = start;
    while (end < text.length() && isNumeric(text.codePointAt(end))) {
      end += Character.charCount(text.codePointAt(end));
    }
    String rest = text.substring(end);
    numbers = List.of(text.substring(start, end).split("\\.", -1));
    extension = rest.length() > 1 && rest.startsWith("-") ? rest.substring(1) : rest;
  }

  private static int compare(String a, String b) {
    var left = new PackageVersion(a);
    var right = new PackageVersion(b);
    for (int i = 0; i < Math.max(left.numbers.size(), right.numbers.size()); i++) {
      OptionalLong one = left.number(i);
      OptionalLong other = right.number(i);
      if (one.isEmpty() || other.isEmpty()) {
        return BYTES.compare(a, b);
      }
      int order = Long.compareUnsigned(one.getAsLong(), other.getAsLong());
      if (order != 0) {
        return order;
      }
    }
    if (left.extension.isEmpty() || right.extension.isEmpty()) {
      return Boolean.compare(left.extension.isEmpty(), right.extension.isEmpty());
    }
    return BYTES.compare(left.extension, right.extension);
  }

  /** Unsigned; empty when it is no number of 64 bits. */
  private OptionalLong number(int place) {
    if (place >= numbers.size()) {
      return OptionalLong.of(0);
    }
    String digits = numbers.get(place);
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseUnsignedLong(digits));
    } catch (NumberFormatException tooBig) {
      return OptionalLong.empty();
    }
  }

  private static boolean isNumeric(int codePoint) {
    return codePoint == '.' || Character.isDigit(codePoint);
  }
}
