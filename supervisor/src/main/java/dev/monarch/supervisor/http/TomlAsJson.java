package dev.monarch.supervisor.http;

import dev.monarch.wire.Bytes;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;
import tools.jackson.core.JacksonException;
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
    try {
      TomlParseResult table = Toml.parse(toml.toUtf8());
      if (table.hasErrors()) {
        return Optional.empty();
      }
      var text = new StringWriter();
      try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
        table(generator, table);
      }
      return Optional.of(text.toString());
    } catch (JacksonException | StackOverflowError tooDeep) {
      // Thousands of nested brackets exhaust a recursive parser; nobody configures like that.
      return Optional.empty();
    }
  }

  private static void table(JsonGenerator generator, TomlTable table) {
    generator.writeStartObject();
    for (Map.Entry<String, Object> entry : table.entrySet()) {
      generator.writeName(entry.getKey());
      value(generator, entry.getValue());
    }
    generator.writeEndObject();
  }

  private static void value(JsonGenerator generator, Object value) {
    switch (value) {
      case TomlTable table -> table(generator, table);
      case TomlArray array -> {
        generator.writeStartArray();
        for (int i = 0; i < array.size(); i++) {
          value(generator, array.get(i));
        }
        generator.writeEndArray();
      }
      case Long number -> generator.writeNumber(number);
      // JSON has no infinity; the generator would write one as text.
      case Double number -> generator.writeNumber(number);
      case Boolean flag -> generator.writeBoolean(flag);
      // Text and the four kinds of date and time.
      default -> generator.writeString(value.toString());
    }
  }
}
