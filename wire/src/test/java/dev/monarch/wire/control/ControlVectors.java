package dev.monarch.wire.control;

import dev.monarch.wire.Bytes;
import dev.monarch.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Frames between an original command and an original Supervisor, taken by a relay. */
public final class ControlVectors {
  /**
   * One frame.
   *
   * @param fromClient who said it
   * @param transaction its id
   */
  public record Vector(
      String scenario,
      boolean fromClient,
      String message,
      int transaction,
      boolean response,
      boolean complete,
      Bytes body,
      Bytes wire) {
    @Override
    public String toString() {
      return scenario + "-" + (fromClient ? "client" : "server") + "-" + message;
    }
  }

  private ControlVectors() {}

  public static List<Vector> all() {
    return Stream.of("service", "config", "errors", "supervisor")
        .flatMap(file -> text("/vectors/control-" + file + ".jsonl").lines())
        .map(Json::object)
        .map(ControlVectors::vector)
        .toList();
  }

  private static Vector vector(Map<String, Object> line) {
    return new Vector(
        text(line, "scenario"),
        text(line, "from").equals("client"),
        text(line, "message"),
        Math.toIntExact((long) Objects.requireNonNull(line.get("txn"))),
        Boolean.TRUE.equals(line.get("response")),
        Boolean.TRUE.equals(line.get("complete")),
        hex(text(line, "body_hex")),
        hex(text(line, "hex")));
  }

  private static String text(Map<String, Object> line, String name) {
    return (String) Objects.requireNonNull(line.get(name));
  }

  private static Bytes hex(String text) {
    return Bytes.of(HexFormat.of().parseHex(text));
  }

  private static String text(String resource) {
    try (InputStream in = ControlVectors.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no such resource: " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
