package dev.monarch.cli.ctl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * One command of an original and all that was said and printed (test resources {@code scenes.txt}).
 *
 * @param typed behind {@code hab}
 * @param in what was piped into it
 * @param client its frames, the handshake first
 * @param server the Supervisor's frames, the answer to the handshake first
 */
public record Scene(
    String name,
    List<String> typed,
    String in,
    List<byte[]> client,
    List<byte[]> server,
    int exit,
    String out,
    String err) {
  /** That of the Supervisor in all scenes but one. */
  public static final String SECRET =
      "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==";

  /** The answer to a handshake with the right secret. */
  public static final byte[] WELCOME = HexFormat.of().parseHex("80500000c00000004e65744f6b");

  /**
   * All scenes of a resource.
   *
   * @param beside a class in whose package it is
   */
  public static List<Scene> all(Class<?> beside) {
    List<Scene> scenes = new ArrayList<>();
    for (String text : text(beside).split("\n\n", -1)) {
      if (text.startsWith("scene ")) {
        scenes.add(parse(text.lines().toList()));
      }
    }
    return scenes;
  }

  public static Scene named(List<Scene> all, String name) {
    return all.stream().filter(scene -> scene.name.equals(name)).findFirst().orElseThrow();
  }

  private static Scene parse(List<String> lines) {
    return new Scene(
        values(lines, "scene").getFirst(),
        Arrays.asList(values(lines, "typed").getFirst().split(" ", -1)),
        printed(lines, "in"),
        frames(lines, "client"),
        frames(lines, "server"),
        Integer.parseInt(values(lines, "exit").getFirst()),
        printed(lines, "out"),
        printed(lines, "err"));
  }

  private static List<String> values(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key + " "))
        .map(line -> line.substring(key.length() + 1))
        .toList();
  }

  private static List<byte[]> frames(List<String> lines, String who) {
    return values(lines, who).stream().map(HexFormat.of()::parseHex).toList();
  }

  private static String printed(List<String> lines, String where) {
    return String.join("", values(lines, where).stream().map(line -> line + "\n").toList());
  }

  private static String text(Class<?> beside) {
    try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream("scenes.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the Supervisor said, for each connection. */
  public List<List<byte[]>> connections() {
    List<List<byte[]>> connections = new ArrayList<>();
    for (byte[] said : server) {
      if (Arrays.equals(said, WELCOME)) {
        connections.add(new ArrayList<>());
      }
      connections.getLast().add(said);
    }
    // It reads the request even if it has nothing to say to it.
    connections.forEach(said -> said.add(new byte[0]));
    return connections;
  }

  @Override
  public String toString() {
    return name;
  }
}
