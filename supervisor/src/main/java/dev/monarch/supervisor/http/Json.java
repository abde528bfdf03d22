package dev.monarch.supervisor.http;

import dev.monarch.wire.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes compact JSON. */
public final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonGenerator generator;

  private Json(JsonGenerator generator) {
    this.generator = generator;
  }

  /** One object, as UTF-8. */
  public static byte[] object(Consumer<Json> fields) {
    var bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      generator.writeStartObject();
      fields.accept(new Json(generator));
      generator.writeEndObject();
    }
    return bytes.toByteArray();
  }

  /** An array of objects, as UTF-8. */
  static <T> byte[] objects(Iterable<T> elements, BiConsumer<Json, T> fields) {
    var bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      generator.writeStartArray();
      for (T element : elements) {
        generator.writeStartObject();
        fields.accept(new Json(generator), element);
        generator.writeEndObject();
      }
      generator.writeEndArray();
    }
    return bytes.toByteArray();
  }

  /** A tree of plain values, as UTF-8. */
  static byte[] tree(Map<String, Object> tree) {
    var bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      value(generator, tree);
    }
    return bytes.toByteArray();
  }

  public void text(String name, String value) {
    generator.writeStringProperty(name, value);
  }

  public void text(String name, Optional<String> value) {
    value.ifPresentOrElse(
        known -> generator.writeStringProperty(name, known),
        () -> generator.writeNullProperty(name));
  }

  public void flag(String name, boolean value) {
    generator.writeBooleanProperty(name, value);
  }

  public void number(String name, long value) {
    generator.writeNumberProperty(name, value);
  }

  /** All 64 bits count, none of them as a sign. */
  public void unsigned(String name, long value) {
    generator.writeName(name);
    generator.writeNumber(Long.toUnsignedString(value));
  }

  public void nothing(String name) {
    generator.writeNullProperty(name);
  }

  public void object(String name, Consumer<Json> fields) {
    generator.writeName(name);
    generator.writeStartObject();
    fields.accept(this);
    generator.writeEndObject();
  }

  public void texts(String name, Iterable<String> values) {
    generator.writeName(name);
    generator.writeStartArray();
    values.forEach(generator::writeString);
    generator.writeEndArray();
  }

  <T> void objects(String name, Iterable<T> elements, BiConsumer<Json, T> fields) {
    generator.writeName(name);
    generator.writeStartArray();
    for (T element : elements) {
      generator.writeStartObject();
      fields.accept(this, element);
      generator.writeEndObject();
    }
    generator.writeEndArray();
  }

  /** A plain value, or a tree of them (see the package {@code layers} for their types). */
  void tree(String name, Object value) {
    generator.writeName(name);
    value(generator, value);
  }

  /** Writes a plain value; dates and times are texts. */
  static void value(JsonGenerator generator, Object value) {
    switch (value) {
      case Map<?, ?> table -> {
        generator.writeStartObject();
        table.forEach(
            (key, element) -> {
              generator.writeName((String) key);
              value(generator, element);
            });
        generator.writeEndObject();
      }
      case List<?> list -> {
        generator.writeStartArray();
        list.forEach(element -> value(generator, element));
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

  /** An array of numbers, one for each byte, as the original shows contents. */
  public void bytes(String name, Bytes value) {
    generator.writeName(name);
    generator.writeStartArray();
    for (byte one : value.toArray()) {
      generator.writeNumber(Byte.toUnsignedInt(one));
    }
    generator.writeEndArray();
  }

  /** A value that is JSON already. */
  public void json(String name, String json) {
    generator.writeName(name);
    generator.writeRawValue(json);
  }
}
