package dev.monarch.bench;

import dev.monarch.packages.PackageStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A service that notes in a file which value its configuration had, and when, each time it starts
 * or is reconfigured. The clock is the shell's, so a start of {@code date} and one of {@code mv}
 * are in every figure.
 *
 * @param root of the Supervisor's files
 */
record ProbeService(Path root, String name) {
  private static final String RELEASE = "/1.0.0/20260101000000";

  /** Notes which value came when, in one piece. */
  private static final String NOTE =
      """
      #!/bin/sh
      echo "{{cfg.value}} $(date +%s%N)" > {{pkg.svc_data_path}}/next
      mv {{pkg.svc_data_path}}/next {{pkg.svc_data_path}}/note
      """;

  /** Puts its package there. */
  void install() {
    Path pkg = root.resolve("hab/pkgs/bench").resolve(name + RELEASE);
    String user = System.getProperty("user.name");
    write(pkg.resolve("TARGET"), PackageStore.activeTarget());
    if (user.equals("root")) {
      // The bench's directory is nobody else's.
      write(pkg.resolve("SVC_USER"), user);
      write(pkg.resolve("SVC_GROUP"), user);
    }
    write(pkg.resolve("default.toml"), "value = 0\n");
    write(pkg.resolve("hooks/run"), NOTE.replace("{{cfg.value}}", "0") + "exec sleep 2147483647\n");
    write(pkg.resolve("hooks/reconfigure"), NOTE);
    write(pkg.resolve("config/value"), "{{cfg.value}}");
  }

  /** Has it run. */
  void load() {
    write(
        root.resolve("hab/sup/default/specs").resolve(name + ".spec"),
        "ident = \"bench/" + name + "\"\n");
  }

  boolean hasRun() {
    return Files.exists(note());
  }

  /** The value it had last. */
  int value() {
    return Integer.parseInt(words()[0]);
  }

  /** When it got that value, in nanoseconds of the wall clock. */
  long atNanos() {
    return Long.parseLong(words()[1]);
  }

  private String[] words() {
    return Machine.read(note()).strip().split(" ", 2);
  }

  private Path note() {
    return root.resolve("hab/svc").resolve(name).resolve("data/note");
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Path beside = file.resolveSibling("." + file.getFileName());
      Files.writeString(beside, text);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
