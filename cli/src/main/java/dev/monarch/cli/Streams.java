package dev.monarch.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;

/** Writers over streams. */
final class Streams {
  private Streams() {}

  /** Writes in the stream's own character set, and at once. */
  static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, stream.charset()), true);
  }
}
