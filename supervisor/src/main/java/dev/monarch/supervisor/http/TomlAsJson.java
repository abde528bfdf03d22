package dev.monarch.supervisor.http;

import dev.monarch.supervisor.layers.TomlTree;
import dev.monarch.supervisor.layers.TreeException;
import dev.monarch.wire.Bytes;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Turns configuration that came with rumors, TOML text, into JSON objects.
 *
 * <p>Parsing is dear and documents are built for each request, so recent results are kept. The text
 * comes from the network: whatever it holds ends in an object or in nothing, not in a failure.
 */
final class TomlAsJson {
  /** As many different configurations as a great ring has; each entry is a few hundred bytes. */
  private static final int RESULTS_MAX = 1024;

  /** Exports are short; a text beyond this would keep the parser busy for its own sake. */
  private static final int TEXT_BYTES_MAX = 256 * 1024;

  private static final JsonFactory FACTORY = new JsonFactory();

  private final Map<Bytes, Optional<String>> results =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes, Optional<String>> eldest) {
          return size() > RESULTS_MAX;
        }
      };

  /** The text as a JSON object; empty if it is not TOML. */
  Optional<String> convert(Bytes toml) {
    if (toml.size() == 0) {
      return Optional.of("{}");
    }
    synchronized (results) {
      Optional<String> known = results.get(toml);
      if (known != null) {
        return known;
      }
    }
    Optional<String> result = parse(toml);
    synchronized (results) {
      results.put(toml, result);
    }
    return result;
  }

  private static Optional<String> parse(Bytes toml) {
    if (toml.size() > TEXT_BYTES_MAX) {
      return Optional.empty();
    }
    Map<String, Object> tree;
    try {
      tree = TomlTree.parse(toml.toUtf8(), "a rumor");
    } catch (TreeException notToml) {
      return Optional.empty();
    }
    var text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      Json.value(generator, tree);
    }
    return Optional.of(text.toString());
  }
}
