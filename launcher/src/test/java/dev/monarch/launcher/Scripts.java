package dev.monarch.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Services as shell scripts. */
final class Scripts {
  private Scripts() {}

  /** A script that may be executed by anybody. */
  static Path script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  /** A service with a usual end. */
  static SpawnRequest service(String serviceGroup, Path binary) {
    return new SpawnRequest(
        serviceGroup,
        binary,
        Map.of("PATH", "/usr/bin:/bin"),
        Optional.empty(),
        Signal.TERM,
        Duration.ofSeconds(8),
        ProcessTag.random());
  }
}
