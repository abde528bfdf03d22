package dev.monarch.acceptance;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** A JSON value that can be asked for a path into it. */
sealed interface Json {
  /** An object; a repeated name keeps the last value. */
  record Tree(Map<String, Json> fields) implements Json {}

  record Row(List<Json> items) implements Json {}

  /** Text, a number as it was written, {@code true}, {@code false} or {@code null}. */
  record Leaf(String text) implements Json {}

  JsonFactory FACTORY = JsonFactory.builder().build();

  static Json parse(String text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      parser.nextToken();
      return value(parser);
    }
  }

  private static Json value(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, Json> fields = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        fields.put(name, value(parser));
      }
      return new Tree(fields);
    }
    if (token == JsonToken.START_ARRAY) {
      List<Json> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(value(parser));
      }
      return new Row(items);
    }
    return new Leaf(parser.getString());
  }

  /** The value at the end of these names, if all of them exist. */
  default Optional<Json> at(String... names) {
    Json here = this;
    for (String name : names) {
      if (!(here instanceof Tree(Map<String, Json> fields))) {
        return Optional.empty();
      }
      Json next = fields.get(name);
      if (next == null) {
        return Optional.empty();
      }
      here = next;
    }
    return Optional.of(here);
  }

  /** The fields of the object at the end of these names; none if there is no such object. */
  default Map<String, Json> fields(String... names) {
    return at(names).orElse(this) instanceof Tree(Map<String, Json> fields) && at(names).isPresent()
        ? fields
        : Map.of();
  }

  /** The leaf at the end of these names; empty text if there is none. */
  default String text(String... names) {
    return at(names).orElse(new Leaf("")) instanceof Leaf(String text) ? text : "";
  }

  /** The unsigned number at the end of these names; zero if there is none. */
  default BigInteger number(String... names) {
    String text = text(names);
    return text.isEmpty() ? BigInteger.ZERO : new BigInteger(text);
  }
}
