package dev.monarch.supervisor.hooks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Reads a stream to its end, line by line; a line that does not end comes in pieces. */
final class Lines {
  /** Longer than any line a person reads, and all the memory a stream costs. */
  static final int PIECE_BYTES_MAX = 64 * 1024;

  private static final int READ_BYTES = 8 * 1024;

  private Lines() {}

  static void read(InputStream stream, Consumer<String> lines) throws IOException {
    var line = new ByteArrayOutputStream();
    byte[] bytes = new byte[READ_BYTES];
    for (int count = stream.read(bytes); count >= 0; count = stream.read(bytes)) {
      int begin = 0;
      for (int i = 0; i < count; i++) {
        if (bytes[i] == '\n') {
          line.write(bytes, begin, i - begin);
          lines.accept(take(line));
          begin = i + 1;
        }
      }
      line.write(bytes, begin, count - begin);
      if (line.size() >= PIECE_BYTES_MAX) {
        lines.accept(take(line));
      }
    }
    if (line.size() > 0) {
      lines.accept(take(line));
    }
  }

  private static String take(ByteArrayOutputStream line) {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    return text;
  }
}
