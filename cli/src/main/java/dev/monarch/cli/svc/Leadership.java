package dev.monarch.cli.svc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.monarch.cli.CommandFailed;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Who leads a group, as a Supervisor tells it in its document {@code /census}. Unknown fields are
 * skipped.
 *
 * @param json all of it, as it came
 * @param since ISO-8601, empty if it is not known
 */
record Leadership(
    String json,
    Optional<String> leaderId,
    String explanation,
    Optional<String> since,
    List<Voter> members) {
  private static final JsonFactory JSON = new JsonFactory();

  Leadership {
    members = List.copyOf(members);
  }

  /** A member of the group. */
  record Voter(String memberId, String address, String health, boolean voted) {}

  /**
   * What a census says of a group.
   *
   * @throws CommandFailed if it says nothing of its leadership, or is no census
   */
  static Leadership parse(byte[] census, String group, String source) {
    try {
      Optional<byte[]> groups = child(census, "census_groups");
      if (groups.isEmpty()) {
        throw unreadable(source, "it has no \"census_groups\"");
      }
      Optional<byte[]> wanted = child(groups.get(), group);
      if (wanted.isEmpty()) {
        throw new CommandFailed(
            "No service group %s is known at %s; see the groups of GET /census, such as web.default"
                .formatted(group, source));
      }
      Optional<byte[]> leadership = child(wanted.get(), "monarch");
      if (leadership.isPresent()) {
        leadership = child(leadership.get(), "leadership");
      }
      return leadership
          .map(Leadership::read)
          .orElseThrow(
              () ->
                  new CommandFailed(
                      "%s at %s does not elect: its members were loaded without '--topology leader' or have not started yet, or the Supervisor asked is an original one; ask one of ours with --url"
                          .formatted(group, source)));
    } catch (JacksonException | IllegalArgumentException e) {
      throw unreadable(source, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private static CommandFailed unreadable(String source, String reason) {
    return new CommandFailed(
        "The answer of %s is not a Supervisor's /census document: %s".formatted(source, reason));
  }

  /** The value of a field of an object, as JSON text. */
  private static Optional<byte[]> child(byte[] object, String name) {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), object)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("expected an object around \"" + name + "\"");
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean wanted = name.equals(json.currentName());
        json.nextToken();
        if (wanted) {
          var bytes = new ByteArrayOutputStream();
          try (JsonGenerator copy = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            copy.copyCurrentStructure(json);
          }
          return Optional.of(bytes.toByteArray());
        }
        json.skipChildren();
      }
      return Optional.empty();
    }
  }

  private static Leadership read(byte[] text) {
    Optional<String> leaderId = Optional.empty();
    Optional<String> since = Optional.empty();
    String explanation = "";
    List<Voter> members = new ArrayList<>();
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String field = json.currentName();
        JsonToken value = json.nextToken();
        switch (field) {
          case "leader_id" -> leaderId = textOf(json, value);
          case "since" -> since = textOf(json, value);
          case "explanation" -> explanation = textOf(json, value).orElse("");
          case "members" -> members(json, members);
          default -> json.skipChildren();
        }
      }
    }
    return new Leadership(new String(text, UTF_8), leaderId, explanation, since, members);
  }

  private static Optional<String> textOf(JsonParser json, JsonToken value) {
    return value == JsonToken.VALUE_NULL ? Optional.empty() : Optional.of(json.getString());
  }

  private static void members(JsonParser json, List<Voter> members) {
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String id = json.currentName();
      json.nextToken();
      String address = "-";
      String health = "unknown";
      boolean voted = false;
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String field = json.currentName();
        JsonToken value = json.nextToken();
        switch (field) {
          case "address" -> address = textOf(json, value).orElse("-");
          case "health" -> health = textOf(json, value).orElse("unknown");
          case "voted" -> voted = json.getBooleanValue();
          default -> json.skipChildren();
        }
      }
      members.add(new Voter(id, address, health, voted));
    }
  }

  /** In one line. */
  String headline(String group) {
    return leaderId.isPresent()
        ? group + ": " + explanation + since.map(at -> ", since " + at).orElse("")
        : group + ": nobody leads: " + explanation;
  }

  /** For people. */
  List<String> lines(String group) {
    List<String> lines = new ArrayList<>();
    lines.add(headline(group));
    String row = "%-32s  %-21s  %-9s  %s";
    lines.add(row.formatted("member", "address", "health", "vote"));
    for (Voter member : members) {
      String leads = leaderId.equals(Optional.of(member.memberId())) ? ", leads" : "";
      lines.add(
          row.formatted(
              member.memberId(),
              member.address(),
              member.health(),
              (member.voted() ? "yes" : "no") + leads));
    }
    return lines;
  }
}
