package dev.monarch.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A package that exists only as files: a service that sleeps, without a shell of its own. */
final class SyntheticPackage {
  private static final String RELEASE = "1.0/20260101000000";

  /** What an original looks for to interpret hooks with. */
  private static final String INTERPRETER = "core/busybox-static";

  private SyntheticPackage() {}

  /** Installs {@code acme/NAME} below a Supervisor's tree. */
  static void install(Supervisor supervisor, String name) throws IOException {
    install(supervisor, name, Map.of());
  }

  /** Installs it with these files instead of, or beside, what a package needs. */
  static void install(Supervisor supervisor, String name, Map<String, String> others)
      throws IOException {
    Map<String, String> files =
        new HashMap<>(
            Map.of(
                "SVC_USER",
                "root",
                "SVC_GROUP",
                "root",
                "default.toml",
                "port = 1\n",
                "hooks/run",
                "#!/bin/sh\nexec sleep 1000000\n"));
    files.putAll(others);
    write(supervisor, "acme/" + name, files);
    write(supervisor, INTERPRETER, Map.of("bin/README", "nothing is needed here"));
  }

  private static void write(Supervisor supervisor, String name, Map<String, String> files)
      throws IOException {
    Path place = supervisor.root().resolve("hab/pkgs").resolve(name).resolve(RELEASE);
    Files.createDirectories(place.resolve("config"));
    Files.writeString(place.resolve("IDENT"), name + "/" + RELEASE);
    Files.writeString(place.resolve("TARGET"), "x86_64-linux");
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = place.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
  }
}
