package dev.monarch.supervisor.render;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.monarch.packages.ServiceOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What tests ask of this machine and of a service's files. */
final class Service {
  private Service() {}

  /** Files of ourselves, given to nobody. */
  static Ownership ours() throws IOException {
    return Ownership.of(Optional.empty(), false);
  }

  /** The user every Linux has beside root; skips a test that cannot give files away. */
  static Ownership somebodyElses() throws IOException {
    Ownership ours = Ownership.of(Optional.empty());
    assumeTrue(ours.maySwitch(), "skipped: this test gives files away, which takes root");
    String group =
        Files.readString(Path.of("/etc/group")).contains("\nnogroup:") ? "nogroup" : "nobody";
    return Ownership.of(Optional.of(new ServiceOwner("nobody", group)));
  }

  static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
  }

  static String owner(Path file) throws IOException {
    return Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName();
  }

  /** The path of everything below a directory, in order. */
  static Stream<String> below(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all
          .skip(1)
          .map(path -> directory.relativize(path).toString())
          .sorted()
          .toList()
          .stream();
    }
  }

  static Map<String, Object> context(String key, Object value) {
    return Map.of("cfg", Map.of(key, value));
  }
}
