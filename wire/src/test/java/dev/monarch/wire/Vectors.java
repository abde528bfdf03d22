package dev.monarch.wire;

import dev.monarch.crypto.KeyException;
import dev.monarch.crypto.RingKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Messages observed from the original, version 2.1.78 (test resources, {@code vectors}). */
final class Vectors {
  /**
   * One observed message.
   *
   * @param key the ring's key, if it has one
   * @param payload the payload in clear
   * @param fields what the payload says, as another decoder read it
   */
  record Vector(
      String name,
      boolean datagram,
      Optional<RingKey> key,
      Bytes wire,
      Optional<Bytes> nonce,
      Bytes payload,
      Map<String, Object> fields) {
    @Override
    public String toString() {
      return name;
    }
  }

  private Vectors() {}

  static List<Vector> all() {
    return Stream.of("plain", "sealed", "elections").flatMap(Vectors::read).toList();
  }

  static List<Vector> datagrams() {
    return all().stream().filter(Vector::datagram).toList();
  }

  static List<Vector> rumors() {
    return all().stream().filter(vector -> !vector.datagram()).toList();
  }

  private static Stream<Vector> read(String scene) {
    List<Map<String, Object>> lines =
        text("/vectors/butterfly-" + scene + ".jsonl").lines().map(Json::object).toList();
    Optional<RingKey> key =
        Optional.ofNullable(lines.getFirst().get("ring_key")).map(text -> parse((String) text));
    return lines.stream().skip(1).map(line -> vector(scene, key, line));
  }

  @SuppressWarnings("unchecked")
  private static Vector vector(String scene, Optional<RingKey> key, Map<String, Object> line) {
    byte[] wire = hex(Objects.requireNonNull(line.get("hex")));
    Object payload = line.get("payload_hex");
    return new Vector(
        scene + "-" + line.get("seq") + "-" + line.get("kind"),
        "udp".equals(line.get("transport")),
        key,
        Bytes.of(wire),
        Optional.ofNullable(line.get("nonce")).map(nonce -> Bytes.of(hex(nonce))),
        Bytes.of(payload == null ? withoutHeader(wire) : hex(payload)),
        (Map<String, Object>) Objects.requireNonNull(line.get("fields")));
  }

  /** What is behind the key and the length of an envelope that has nothing but a payload. */
  private static byte[] withoutHeader(byte[] wire) {
    int header = wire.length < 130 ? 2 : 3;
    return Arrays.copyOfRange(wire, header, wire.length);
  }

  private static RingKey parse(String text) {
    try {
      return RingKey.parse(text);
    } catch (KeyException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hex(Object text) {
    return HexFormat.of().parseHex((String) text);
  }

  private static String text(String resource) {
    try (InputStream in = Vectors.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no such resource: " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
