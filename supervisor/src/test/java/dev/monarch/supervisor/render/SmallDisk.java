package dev.monarch.supervisor.render;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system of its own with little room, mounted on a directory until it is closed. */
final class SmallDisk implements AutoCloseable {
  private final Path directory;

  /** Skips the test if this process may not mount. */
  SmallDisk(Path directory, String size) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory);
    String complaint =
        run("mount", "-t", "tmpfs", "-o", "size=" + size + ",mode=755", "tmpfs", directory + "");
    assumeTrue(complaint.isEmpty(), "skipped: this test mounts a file system: " + complaint);
  }

  @Override
  public void close() throws IOException {
    String complaint = run("umount", directory.toString());
    if (!complaint.isEmpty()) {
      throw new IOException(complaint);
    }
  }

  /** What the program complained about; nothing if it succeeded. */
  private static String run(String... command) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException noSuchProgram) {
      return String.valueOf(noSuchProgram.getMessage());
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return process.waitFor() == 0 ? "" : List.of(command) + ": " + output.strip();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException("interrupted while waiting for " + command[0], interrupted);
    }
  }
}
