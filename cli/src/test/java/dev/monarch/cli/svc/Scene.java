package dev.monarch.cli.svc;

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
 * One command of an original and all that was said and printed (test resource {@code scenes.txt}).
 *
 * @param typed behind {@code hab}
 * @param client its frames, the handshake first
 * @param server the Supervisor's frames, the answer to the handshake first
 */
record Scene(
    String name,
    List<String> typed,
    List<byte[]> client,
    List<byte[]> server,
    int exit,
    String out,
    String err) {
  /** That of the Supervisor in all scenes but one. */
  static final String SECRET =
      "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==";

  static List<Scene> all() {
    List<Scene> scenes = new ArrayList<>();
    for (String text : text().split("\n\n", -1)) {
      if (text.startsWith("scene ")) {
        scenes.add(parse(text.lines().toList()));
      }
    }
    return scenes;
  }

  static Scene named(String name) {
    return all().stream().filter(scene -> scene.name.equals(name)).findFirst().orElseThrow();
  }

  private static Scene parse(List<String> lines) {
    return new Scene(
        values(lines, "scene").getFirst(),
        Arrays.asList(values(lines, "typed").getFirst().split(" ", -1)),
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

  private static String text() {
    try (InputStream in = Objects.requireNonNull(Scene.class.getResourceAsStream("scenes.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
