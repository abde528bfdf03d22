package dev.monarch.supervisor.layers;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What trees have in common, whoever made them. */
final class Trees {
  private Trees() {}

  /** The same tree, which nobody can change. */
  static Map<String, Object> copy(Map<?, ?> tree) {
    var copy = new LinkedHashMap<String, Object>();
    tree.forEach((key, value) -> copy.put((String) key, copyOf(value)));
    return Collections.unmodifiableMap(copy);
  }

  private static Object copyOf(Object value) {
    return switch (value) {
      case Map<?, ?> table -> copy(table);
      case List<?> list -> list.stream().map(Trees::copyOf).toList();
      default -> value;
    };
  }

  /** Tables inside each other, below this one; those in lists do not count. */
  static int depth(Map<?, ?> tree) {
    int depth = 0;
    for (Object value : tree.values()) {
      if (value instanceof Map<?, ?> table) {
        depth = Math.max(depth, 1 + depth(table));
      }
    }
    return depth;
  }
}
