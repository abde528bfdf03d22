package dev.monarch.cli.config;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Surroundings;
import dev.monarch.ring.disk.AtomicFile;
import dev.monarch.wire.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads what is to be told, and no more of it than gossip carries. */
final class Payload {
  /** Exactly so many are accepted (control.md 12). */
  static final int BYTES_MAX = 65_536;

  /** Stands for standard input. */
  static final String STANDARD_INPUT = "-";

  private Payload() {}

  /** A configuration out of a file, or from standard input to its end. */
  static Bytes configuration(String file, Surroundings surroundings) {
    String tooLarge = "Configuration too large. Maximum allowed is %d bytes.".formatted(BYTES_MAX);
    if (!file.equals(STANDARD_INPUT)) {
      return file(Path.of(file), tooLarge);
    }
    if (surroundings.typed()) {
      surroundings.err().println("Type the configuration, and Ctrl-D on a line of its own.");
    }
    try {
      return limited(surroundings.in(), tooLarge);
    } catch (IOException broken) {
      throw new CommandFailed(
          "expected to read a configuration from standard input, found: " + broken.getMessage());
    }
  }

  /** A file that is to be uploaded. */
  static Bytes upload(Path file) {
    return file(file, "File too large. Maximum size allowed is %d bytes.".formatted(BYTES_MAX));
  }

  private static Bytes file(Path file, String tooLarge) {
    if (Files.isDirectory(file)) {
      throw new CommandFailed("expected a file, found the directory %s".formatted(file));
    }
    try (InputStream in = Files.newInputStream(file)) {
      return limited(in, tooLarge);
    } catch (IOException unreadable) {
      throw new CommandFailed(
          "expected to read %s, found: %s; check the path and its permissions"
              .formatted(file, AtomicFile.reason(unreadable)));
    }
  }

  private static Bytes limited(InputStream in, String tooLarge) throws IOException {
    byte[] content = in.readNBytes(BYTES_MAX + 1);
    if (content.length > BYTES_MAX) {
      throw new CommandFailed(tooLarge);
    }
    return Bytes.of(content);
  }
}
