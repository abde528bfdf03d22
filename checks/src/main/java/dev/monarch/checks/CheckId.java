package dev.monarch.checks;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A specification and the number of one of its checks, written {@code butterfly-23}.
 *
 * @param specification the name of its file, without ending
 */
record CheckId(String specification, int number) implements Comparable<CheckId> {
  private static final Pattern FORM = Pattern.compile("([a-z]+)-([1-9][0-9]{0,3})");
  private static final Comparator<CheckId> ORDER =
      Comparator.comparing(CheckId::specification).thenComparingInt(CheckId::number);

  static Optional<CheckId> find(String text) {
    Matcher parts = FORM.matcher(text);
    return parts.matches()
        ? Optional.of(new CheckId(parts.group(1), Integer.parseInt(parts.group(2))))
        : Optional.empty();
  }

  /** Ascending numbers with runs drawn together, such as {@code 1–3, 7}. */
  static String ranges(List<CheckId> ids) {
    var ranges = new StringJoiner(", ");
    int start = 0;
    for (int i = 0; i < ids.size(); i++) {
      boolean runEnds = i + 1 == ids.size() || ids.get(i + 1).number() != ids.get(i).number() + 1;
      if (runEnds) {
        int first = ids.get(start).number();
        int last = ids.get(i).number();
        ranges.add(first == last ? Integer.toString(first) : first + "–" + last);
        start = i + 1;
      }
    }
    return ranges.toString();
  }

  @Override
  public int compareTo(CheckId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return specification + "-" + number;
  }
}
