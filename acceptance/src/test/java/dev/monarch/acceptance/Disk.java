package dev.monarch.acceptance;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small disk of its own, mounted at a directory. */
final class Disk implements AutoCloseable {
  private final Path mountPoint;

  Disk(Path mountPoint) {
    try {
      Files.createDirectories(mountPoint);
    } catch (IOException e) {
      throw new IllegalStateException("cannot create " + mountPoint, e);
    }
    this.mountPoint = mountPoint;
    Command.of("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", mountPoint.toString()).must();
  }

  private Path ballast() {
    return mountPoint.resolve("ballast");
  }

  /** Leaves no room, not even for a directory. */
  void fill() throws IOException {
    byte[] page = new byte[4096];
    try (OutputStream out = Files.newOutputStream(ballast())) {
      while (true) {
        out.write(page);
      }
    } catch (IOException full) {
      if (Files.size(ballast()) == 0) {
        throw full;
      }
    }
  }

  void free() throws IOException {
    Files.delete(ballast());
  }

  void makeReadOnly() {
    Command.of("mount", "-o", "remount,ro", mountPoint.toString()).must();
  }

  @Override
  public void close() {
    Command.of("umount", "-l", mountPoint.toString()).must();
  }
}
