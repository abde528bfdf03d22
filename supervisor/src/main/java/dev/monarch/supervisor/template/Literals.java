package dev.monarch.supervisor.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Values written in a template: JSON, and text between apostrophes. */
final class Literals {
  private static final JsonFactory FACTORY = new JsonFactory();

  private Literals() {}

  /** The value; empty if the text is no JSON or says a number that no double can hold. */
  static Optional<Parameter> parse(String written) {
    String json = written.startsWith("'") ? quoted(written) : written;
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      parser.nextToken();
      Object value = value(parser);
      if (parser.nextToken() != null) {
        return Optional.empty();
      }
      return Optional.of(new Parameter.Literal(value, written));
    } catch (JacksonException | NumberFormatException notJson) {
      return Optional.empty();
    }
  }

  /** The same text between quotation marks. */
  private static String quoted(String written) {
    String inner = written.substring(1, written.length() - 1);
    return '"' + inner.replace("\\'", "'").replace("\"", "\\\"") + '"';
  }

  private static @Nullable Object value(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      return object(parser);
    }
    if (token == JsonToken.START_ARRAY) {
      List<@Nullable Object> list = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        list.add(value(parser));
      }
      return Collections.unmodifiableList(list);
    }
    if (token == JsonToken.VALUE_STRING) {
      return text(parser.getString());
    }
    if (token == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return parser.getLongValue();
    }
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
      return finite(Double.parseDouble(parser.getString()));
    }
    return token == JsonToken.VALUE_NULL ? null : parser.getBooleanValue();
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = text(parser.currentName());
      parser.nextToken();
      object.put(name, value(parser));
    }
    return Collections.unmodifiableMap(object);
  }

  private static double finite(double number) {
    if (Double.isInfinite(number)) {
      throw new NumberFormatException("number out of range");
    }
    return number;
  }

  /** JSON can escape one half of a character; no file can hold that. */
  private static String text(String text) {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        throw new NumberFormatException("half a character");
      }
    }
    return text;
  }
}
