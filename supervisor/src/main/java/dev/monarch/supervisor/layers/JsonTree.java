package dev.monarch.supervisor.layers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads a JSON object into a tree of the values that TOML has too. */
final class JsonTree {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonTree() {}

  static Map<String, Object> parse(String text, String source) throws TreeException {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new TreeException(
            "expected a JSON object in " + source + ", found something else; enclose it in braces");
      }
      Map<String, Object> tree = object(parser, source, 0);
      if (parser.nextToken() != null) {
        throw new TreeException(
            "expected one JSON object in " + source + ", found more text behind it; remove that");
      }
      return tree;
    } catch (JacksonException wrong) {
      throw new TreeException(
          "expected JSON in %s, found at line %d, column %d: %s; correct it"
              .formatted(
                  source,
                  wrong.getLocation().getLineNr(),
                  wrong.getLocation().getColumnNr(),
                  String.valueOf(wrong.getOriginalMessage()).replaceAll("\\s+", " ")));
    }
  }

  private static Map<String, Object> object(JsonParser parser, String source, int level)
      throws TreeException {
    var tree = new LinkedHashMap<String, Object>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      tree.put(name, value(parser, source, level + 1));
    }
    return Collections.unmodifiableMap(tree);
  }

  private static Object value(JsonParser parser, String source, int level) throws TreeException {
    if (level > TomlTree.NESTING_MAX) {
      throw TomlTree.tooDeep(source);
    }
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> object(parser, source, level);
      case START_ARRAY -> {
        var list = new ArrayList<Object>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser, source, level + 1));
        }
        yield List.copyOf(list);
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL ->
          throw new TreeException(
              "expected values in %s, found null for %s; leave the key out, no layer can remove one"
                  .formatted(source, parser.currentName()));
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new IllegalStateException("no value begins with " + token);
    };
  }
}
