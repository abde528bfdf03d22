package dev.monarch.bench;

import dev.monarch.packages.PackageStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/**
 * A service that notes in a file which value its configuration has, each time it starts or is
 * reconfigured; when, says the time of that file. The start of a shell is in every figure, and a
 * tick of the kernel's clock of files, 4 ms.
 *
 * @param root of the Supervisor's files
 */
record ProbeService(Path root, String name) {
  private static final String RELEASE = "/1.0.0/20260101000000";

  private static final String NOTE =
      """
      #!/bin/sh
      echo {{cfg.value}} > {{pkg.svc_data_path}}/note
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

  /** True if it had this value last. */
  boolean has(int value) {
    return Machine.read(note()).strip().equals(String.valueOf(value));
  }

  /** When it got its value, in nanoseconds of the wall clock. */
  long atNanos() {
    try {
      return Files.getLastModifiedTime(note()).to(TimeUnit.NANOSECONDS);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
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
