package dev.monarch.packages;

import java.io.IOException;
import java.nio.file.Path;

/**
 * An installed package has a file that cannot mean anything; the message is one line and names the
 * file, and the line in it where there is one.
 */
public final class MalformedPackageException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedPackageException(Path file, String problem) {
    super(file + ": " + problem);
  }

  MalformedPackageException(Path file, int line, String problem) {
    super(file + ", line " + line + ": " + problem);
  }
}
