package dev.monarch.supervisor.layers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** Reads TOML into trees of plain values (see the package for the types). */
public final class TomlTree {
  /** Gossip carries 64 KiB at most; a longer file would keep the parser busy for its own sake. */
  private static final int TEXT_CHARS_MAX = 1 << 20;

  /**
   * Tables and arrays inside each other. Whoever walks a tree may recurse: the text may come from
   * the network, and dotted keys nest a thousand levels in one line.
   */
  static final int NESTING_MAX = 100;

  private TomlTree() {}

  /**
   * The tree of a text.
   *
   * @param source what the text is called in a complaint, for example a file's path
   * @throws TreeException if it is not TOML, too long, or nested too deeply
   */
  public static Map<String, Object> parse(String text, String source) throws TreeException {
    if (text.length() > TEXT_CHARS_MAX) {
      throw new TreeException(
          "expected at most %d characters of TOML in %s, found %d; shorten it"
              .formatted(TEXT_CHARS_MAX, source, text.length()));
    }
    TomlParseResult result;
    try {
      result = Toml.parse(text);
    } catch (StackOverflowError nested) {
      throw tooDeep(source);
    }
    if (result.hasErrors()) {
      TomlParseError first = result.errors().getFirst();
      throw new TreeException(
          "expected TOML in %s, found at line %d, column %d: %s; correct it"
              .formatted(
                  source,
                  first.position().line(),
                  first.position().column(),
                  String.valueOf(first.getMessage()).replaceAll("\\s+", " ")));
    }
    return table(result, source, 0);
  }

  private static Map<String, Object> table(TomlTable table, String source, int level)
      throws TreeException {
    var tree = new LinkedHashMap<String, Object>();
    for (Map.Entry<String, Object> entry : table.entrySet()) {
      tree.put(entry.getKey(), value(entry.getValue(), source, level + 1));
    }
    return Collections.unmodifiableMap(tree);
  }

  private static Object value(Object value, String source, int level) throws TreeException {
    if (level > NESTING_MAX) {
      throw tooDeep(source);
    }
    return switch (value) {
      case TomlTable table -> table(table, source, level);
      case TomlArray array -> {
        var list = new ArrayList<Object>(array.size());
        for (int i = 0; i < array.size(); i++) {
          list.add(value(Objects.requireNonNull(array.get(i)), source, level + 1));
        }
        yield List.copyOf(list);
      }
      // Text, numbers, truth values and the four kinds of date and time are as they should be.
      default -> value;
    };
  }

  static TreeException tooDeep(String source) {
    return new TreeException(
        "expected at most %d tables and arrays inside each other in %s, found more; flatten it"
            .formatted(NESTING_MAX, source));
  }
}
