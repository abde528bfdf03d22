package dev.monarch.cli.demo;

import dev.monarch.wire.Health;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One change of a membership, as {@code hab sup run --ring-log} writes it.
 *
 * @param at when
 * @param member the id of the member that changed
 * @param from its health before; empty if it was not known
 * @param to its health now
 * @param incarnation unsigned
 */
record RingLogLine(
    Instant at, String member, Optional<Health> from, Health to, String incarnation) {
  private static final JsonFactory JSON = new JsonFactory();

  /** Reads a line; empty if it is none, such as one that was cut off by a crash. */
  static Optional<RingLogLine> parse(String line) {
    String at = "";
    String member = "";
    String from = "";
    String to = "";
    String incarnation = "0";
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String field = json.currentName();
        boolean absent = json.nextToken() == JsonToken.VALUE_NULL;
        String value = absent ? "" : json.getString();
        switch (field) {
          case "at" -> at = value;
          case "member" -> member = value;
          case "from" -> from = value;
          case "to" -> to = value;
          case "incarnation" -> incarnation = value;
          default -> json.skipChildren();
        }
      }
      Optional<Health> now = health(to);
      return now.isEmpty() || member.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new RingLogLine(Instant.parse(at), member, health(from), now.get(), incarnation));
    } catch (JacksonException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<Health> health(String text) {
    for (Health health : Health.values()) {
      if (health.name().toLowerCase(Locale.ROOT).equals(text)) {
        return Optional.of(health);
      }
    }
    return Optional.empty();
  }
}
