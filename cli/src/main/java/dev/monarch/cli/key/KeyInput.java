package dev.monarch.cli.key;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Surroundings;
import java.io.IOException;

/** A key that somebody pipes in. */
final class KeyInput {
  /** A key has some 100 bytes; who pipes in a disk image is told so before all of it is read. */
  private static final int BYTES_MAX = 64 * 1024;

  private KeyInput() {}

  /**
   * Reads standard input to its end.
   *
   * @param kind what it should be, such as {@code ring key}
   * @param source the command that prints one
   */
  static String read(Surroundings surroundings, String kind, String source) {
    try {
      byte[] input = surroundings.in().readNBytes(BYTES_MAX + 1);
      if (input.length > BYTES_MAX) {
        throw new CommandFailed(
            "Standard input holds more than %d bytes, which is no %s; pipe in what '%s' printed"
                .formatted(BYTES_MAX, kind, source));
      }
      return new String(input, UTF_8).strip();
    } catch (IOException e) {
      throw new CommandFailed("Cannot read the key from standard input: " + e.getMessage());
    }
  }
}
