package dev.monarch.supervisor.layers;

import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a package would hardly make sense of in a configuration (control.md 7.7, where the original
 * checks nothing). Its {@code default.toml} is its interface: it names the keys that templates and
 * hooks read, each with a value of the right kind.
 *
 * <pre>
 *   the defaults have       the configuration has
 *   no such key             anything                  a doubt
 *   an empty table          a table                   no doubt, nor about what is in it
 *   another table           a table                   as its keys are
 *   a value of one kind     one of the same kind      no doubt
 *                           one of another kind       a doubt
 * </pre>
 *
 * <p>Kinds are text, numbers with or without a fraction, truth values, times, lists and tables.
 * What is in a list is not looked at: a list replaces the whole of the one below it, which is often
 * empty or an example. Values are nowhere quoted, as they may be passwords.
 *
 * <p>A package without defaults has no interface to be at odds with, and is treated as one whose
 * whole configuration is an empty table: it may read what it likes, in a hook for instance.
 */
public final class Doubts {
  /** Enough to see what is wrong; the rest is counted. */
  private static final int SHOWN_MAX = 10;

  /** Keys nest, and may be as long as the configuration. */
  private static final int PATH_CHARS_MAX = 120;

  private final List<String> found = new ArrayList<>();

  private Doubts() {}

  /**
   * All doubts in one line, such as {@code prot (expected no such key, found a number)}, in the
   * order of the configuration.
   *
   * @param defaults what the package's {@code default.toml} says
   * @return empty if there are none
   */
  public static Optional<String> about(
      Map<String, Object> configuration, Map<String, Object> defaults) {
    var doubts = new Doubts();
    doubts.compare("", configuration, defaults);
    return doubts.line();
  }

  private void compare(String path, Map<?, ?> configuration, Map<?, ?> defaults) {
    if (defaults.isEmpty()) {
      return;
    }
    configuration.forEach(
        (key, value) ->
            compare(
                path + TomlText.key((String) key),
                value,
                Optional.ofNullable((Object) defaults.get(key))));
  }

  private void compare(String path, Object value, Optional<Object> usual) {
    if (usual.isEmpty()) {
      doubt(path, "no such key", value);
    } else if (value instanceof Map<?, ?> table && usual.get() instanceof Map<?, ?> known) {
      compare(path + ".", table, known);
    } else if (!kind(value).equals(kind(usual.get()))) {
      doubt(path, kind(usual.get()), value);
    }
  }

  private void doubt(String path, String expected, Object value) {
    found.add("%s (expected %s, found %s)".formatted(shown(path), expected, kind(value)));
  }

  /** Paths are shown on a terminal. */
  private static String shown(String path) {
    String printable = path.replaceAll("\\p{Cc}", "?");
    if (printable.codePointCount(0, printable.length()) <= PATH_CHARS_MAX) {
      return printable;
    }
    return printable.substring(0, printable.offsetByCodePoints(0, PATH_CHARS_MAX)) + "...";
  }

  private static String kind(Object value) {
    return switch (value) {
      case String _ -> "text";
      case Number _ -> "a number";
      case Boolean _ -> "true or false";
      case Temporal _ -> "a time";
      case List<?> _ -> "a list";
      case Map<?, ?> _ -> "a table";
      default ->
          throw new IllegalArgumentException(
              "expected a tree's value, found one of " + value.getClass().getName());
    };
  }

  private Optional<String> line() {
    if (found.isEmpty()) {
      return Optional.empty();
    }
    int shown = Math.min(found.size(), SHOWN_MAX);
    String line = String.join(", ", found.subList(0, shown));
    int more = found.size() - shown;
    return Optional.of(more == 0 ? line : line + " and " + more + " more");
  }
}
