package dev.monarch.supervisor.template;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What values of a context are to templates: texts, truths, equal or greater (supervisor.md 7.3,
 * 7.4).
 *
 * <p>A date or time of a TOML document is its text here. A number that is none, or endless, is
 * null, because JSON cannot say it.
 */
final class Values {
  /** Deeper than any configuration; it keeps recursion over values short of the stack's end. */
  static final int DEPTH_MAX = 200;

  /** Where the original hides the text of a date; templates written for it find it here. */
  private static final String DATE_KEY = "$__toml_private_datetime";

  private static final Pattern INDEX = Pattern.compile("\\+?[0-9]+");

  private static final int SHOWN_MAX = 60;

  private Values() {}

  /**
   * Holds the promises of a context.
   *
   * @throws IllegalArgumentException if there is a value of another class
   * @throws RenderFault if it is nested too deep
   */
  static void check(@Nullable Object value, int depth) throws RenderFault {
    if (depth > DEPTH_MAX) {
      throw new RenderFault("values are nested deeper than " + DEPTH_MAX);
    }
    switch (value) {
      case Map<?, ?> map -> {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          check(entry.getValue(), depth + 1);
        }
      }
      case List<?> list -> {
        for (Object element : list) {
          check(element, depth + 1);
        }
      }
      case String _ -> {}
      case Long _ -> {}
      case Double _ -> {}
      case Boolean _ -> {}
      case null -> {}
      default -> {
        if (text(value).isEmpty()) {
          throw new IllegalArgumentException(
              "expected a map, list, String, Long, Double, Boolean or a TOML date, found "
                  + value.getClass().getName());
        }
      }
    }
  }

  /** The text of a text or date; empty for anything else. */
  static Optional<String> text(@Nullable Object value) {
    return switch (value) {
      case String text -> Optional.of(text);
      case OffsetDateTime time -> Optional.of(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time));
      case LocalDateTime time -> Optional.of(DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time));
      case LocalDate date -> Optional.of(date.toString());
      case LocalTime time -> Optional.of(DateTimeFormatter.ISO_LOCAL_TIME.format(time));
      case null, default -> Optional.empty();
    };
  }

  /** How a value is printed. */
  static String printed(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case Boolean flag -> flag.toString();
      case Long number -> number.toString();
      case Double number -> Double.isFinite(number) ? decimal(number) : "";
      case Map<?, ?> _ -> "[object]";
      case List<?> list -> {
        var all = new StringBuilder("[");
        Iterator<?> elements = list.iterator();
        while (elements.hasNext()) {
          all.append(printed(elements.next())).append(elements.hasNext() ? ", " : "");
        }
        yield all.append(']').toString();
      }
      default -> text(value).orElseThrow();
    };
  }

  /** The shortest text that means this finite number, with a point or an exponent in it. */
  static String decimal(double number) {
    if (number == 0) {
      return 1 / number > 0 ? "0.0" : "-0.0";
    }
    BigDecimal exact = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    String digits = exact.unscaledValue().abs().toString();
    String sign = number < 0 ? "-" : "";
    int point = digits.length() - exact.scale();
    if (point > 16 || point <= -5) {
      String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
      return sign + digits.charAt(0) + fraction + (point > 0 ? "e+" : "e") + (point - 1);
    }
    if (point <= 0) {
      return sign + "0." + "0".repeat(-point) + digits;
    }
    if (point >= digits.length()) {
      return sign + digits + "0".repeat(point - digits.length()) + ".0";
    }
    return sign + digits.substring(0, point) + "." + digits.substring(point);
  }

  static boolean isTrue(@Nullable Object value, boolean includeZero) {
    return switch (value) {
      case null -> false;
      case Boolean flag -> flag;
      case Long number -> includeZero || number != 0;
      case Double number -> Double.isFinite(number) && (includeZero || isNormal(number));
      case Map<?, ?> map -> !map.isEmpty();
      case List<?> list -> !list.isEmpty();
      default -> !text(value).orElse("").isEmpty();
    };
  }

  private static boolean isNormal(double number) {
    return Math.abs(number) >= Double.MIN_NORMAL;
  }

  /** Equal as JSON: of one type, and a whole number is of another type than one with a point. */
  static boolean equal(@Nullable Object one, @Nullable Object other) {
    if (one instanceof List<?> list && other instanceof List<?> others) {
      boolean equal = list.size() == others.size();
      for (int i = 0; equal && i < list.size(); i++) {
        equal = equal(list.get(i), others.get(i));
      }
      return equal;
    }
    if (one instanceof Map<?, ?> map && other instanceof Map<?, ?> others) {
      return map.size() == others.size()
          && map.entrySet().stream()
              .allMatch(
                  entry ->
                      others.containsKey(entry.getKey())
                          && equal(entry.getValue(), others.get(entry.getKey())));
    }
    if (one instanceof Double number && other instanceof Double another) {
      return number.doubleValue() == another.doubleValue() || (isNone(number) && isNone(another));
    }
    if (one == null || isNone(one) || isNone(other)) {
      return isNone(one) && isNone(other);
    }
    Optional<String> text = text(one);
    return text.isPresent() ? text.equals(text(other)) : one.equals(other);
  }

  private static boolean isNone(@Nullable Object value) {
    return value == null || (value instanceof Double number && !Double.isFinite(number));
  }

  /** Negative, zero or positive; empty if the two cannot be compared. */
  static OptionalInt compare(@Nullable Object one, @Nullable Object other) {
    if (one instanceof Boolean flag && other instanceof Boolean another) {
      return OptionalInt.of(Boolean.compare(flag, another));
    }
    Optional<String> text = text(one);
    Optional<String> otherText = text(other);
    if (text.isPresent() && otherText.isPresent()) {
      return OptionalInt.of(Arrays.compareUnsigned(utf8(text.get()), utf8(otherText.get())));
    }
    Optional<BigDecimal> number = text.isPresent() ? number(text.get()) : number(one);
    Optional<BigDecimal> another = otherText.isPresent() ? number(otherText.get()) : number(other);
    if (number.isEmpty() || another.isEmpty()) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(number.get().compareTo(another.get()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Optional<BigDecimal> number(@Nullable Object value) {
    return switch (value) {
      case Long number -> Optional.of(BigDecimal.valueOf(number));
      case Double number when Double.isFinite(number) -> Optional.of(new BigDecimal(number));
      case null, default -> Optional.empty();
    };
  }

  /** A number as JSON writes it, and nothing around it. */
  private static Optional<BigDecimal> number(String text) {
    boolean digits = !text.isEmpty() && "-0123456789".indexOf(text.charAt(0)) >= 0;
    if (!digits || !Character.isDigit(text.charAt(text.length() - 1))) {
      return Optional.empty();
    }
    return Literals.parse(text)
        .flatMap(
            literal ->
                literal instanceof Parameter.Literal found
                    ? number(found.value())
                    : Optional.empty());
  }

  /** Whether a list may be asked for this. */
  static boolean isIndex(String name) {
    return INDEX.matcher(name).matches();
  }

  /** What is under a key or index; null if nothing is. */
  static @Nullable Object member(@Nullable Object value, String name) {
    return switch (value) {
      case Map<?, ?> map -> map.get(name);
      case List<?> list -> {
        boolean fits = isIndex(name) && name.length() < 10 && Integer.parseInt(name) < list.size();
        yield fits ? list.get(Integer.parseInt(name)) : null;
      }
      case String _ -> null;
      case null, default -> name.equals(DATE_KEY) ? text(value).orElse(null) : null;
    };
  }

  /** A value as messages show it: JSON in one line, cut where it becomes long. */
  static String shown(@Nullable Object value) {
    var all = new Output(new Budget());
    try {
      JsonText.compact(value, all);
    } catch (RenderFault tooLong) {
      return "a very long value";
    }
    String shown = all.toString();
    if (shown.codePointCount(0, shown.length()) <= SHOWN_MAX) {
      return shown;
    }
    return shown.substring(0, shown.offsetByCodePoints(0, SHOWN_MAX)) + "...";
  }
}
