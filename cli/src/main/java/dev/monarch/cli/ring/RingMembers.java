package dev.monarch.cli.ring;

import dev.monarch.cli.CommandFailed;
import dev.monarch.wire.Health;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The members of a ring as one Supervisor sees them, read from its document {@code /butterfly}
 * (supervisor.md 9.6). Unknown fields are skipped.
 *
 * @param members by address, then id
 */
record RingMembers(List<RingMembers.Row> members) {
  private static final Comparator<Row> ORDER =
      Comparator.comparing(Row::sortableAddress)
          .thenComparingInt(Row::swimPort)
          .thenComparing(Row::id);

  RingMembers {
    members = members.stream().sorted(ORDER).toList();
  }

  /**
   * One member.
   *
   * @param incarnation an unsigned number
   */
  record Row(
      String id,
      String address,
      int swimPort,
      int gossipPort,
      long incarnation,
      boolean permanent,
      Health health) {

    String place() {
      String ports = swimPort == gossipPort ? "" + swimPort : swimPort + "/" + gossipPort;
      return (address.isEmpty() ? "-" : address) + ":" + ports;
    }

    String healthText() {
      return health.name().toLowerCase(Locale.ROOT);
    }

    String incarnationText() {
      return Long.toUnsignedString(incarnation);
    }

    /** 127.0.0.9 is before 127.0.0.10. */
    private String sortableAddress() {
      StringBuilder sortable = new StringBuilder();
      for (String part : address.split("\\.", -1)) {
        sortable.append("0".repeat(Math.max(0, 3 - part.length()))).append(part).append('.');
      }
      return sortable.toString();
    }
  }

  /** Reads the document. */
  static RingMembers parse(byte[] butterfly, String source) {
    List<Row> rows = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), butterfly)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw unreadable(source, "it is no object");
      }
      boolean found = false;
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean wanted = "membership".equals(json.currentName());
        json.nextToken();
        if (wanted) {
          membership(json, rows);
          found = true;
        } else {
          json.skipChildren();
        }
      }
      if (!found) {
        throw unreadable(source, "it has no \"membership\"");
      }
    } catch (JacksonException | IllegalArgumentException e) {
      throw unreadable(source, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    return new RingMembers(rows);
  }

  /** By id. */
  Map<String, Row> byId() {
    Map<String, Row> byId = new LinkedHashMap<>();
    members.forEach(row -> byId.put(row.id(), row));
    return byId;
  }

  private static CommandFailed unreadable(String source, String reason) {
    return new CommandFailed(
        "The answer of %s is not a Supervisor's /butterfly document: %s".formatted(source, reason));
  }

  private static void membership(JsonParser json, List<Row> rows) {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("\"membership\" is no object");
    }
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String id = json.currentName();
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("member " + id + " is no object");
      }
      rows.add(row(id, json));
    }
  }

  private static Row row(String id, JsonParser json) {
    String address = "";
    int swimPort = 0;
    int gossipPort = 0;
    long incarnation = 0;
    boolean permanent = false;
    Optional<Health> health = Optional.empty();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "address" -> address = json.getString();
        case "swim_port" -> swimPort = json.getIntValue();
        case "gossip_port" -> gossipPort = json.getIntValue();
        case "incarnation" -> incarnation = Long.parseUnsignedLong(json.getString());
        case "persistent" -> permanent = json.getBooleanValue();
        case "health" ->
            health = Optional.of(Health.valueOf(json.getString().toUpperCase(Locale.ROOT)));
        default -> json.skipChildren();
      }
    }
    return new Row(
        id,
        address,
        swimPort,
        gossipPort,
        incarnation,
        permanent,
        health.orElseThrow(
            () -> new IllegalArgumentException("member " + id + " has no \"health\"")));
  }
}
