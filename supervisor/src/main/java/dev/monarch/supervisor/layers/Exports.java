package dev.monarch.supervisor.layers;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The part of a service's configuration that others may see (supervisor.md 6.6).
 *
 * <p>What is not there is left out. The original skips a missing segment in the middle of a path
 * and walks on from the same table, so that {@code a.missing.b} may give {@code a.b}; here it is
 * missing.
 */
public final class Exports {
  private Exports() {}

  /**
   * The exported values by their names.
   *
   * @param exports dotted path by exported name, as the package's {@code EXPORTS} says
   * @param configuration all layers merged
   */
  public static Map<String, Object> of(
      Map<String, String> exports, Map<String, Object> configuration) {
    var exported = new LinkedHashMap<String, Object>();
    exports.forEach(
        (name, path) -> find(configuration, path).ifPresent(value -> exported.put(name, value)));
    return Collections.unmodifiableMap(exported);
  }

  /** The exported values as TOML, for the rumor that tells of the service. */
  public static String text(Map<String, String> exports, Map<String, Object> configuration) {
    return TomlText.write(of(exports, configuration));
  }

  private static Optional<Object> find(Map<String, Object> configuration, String path) {
    Optional<Object> found = Optional.of(configuration);
    for (String segment : path.split("\\.", -1)) {
      found = found.map(value -> value instanceof Map<?, ?> table ? table.get(segment) : null);
    }
    return found;
  }
}
