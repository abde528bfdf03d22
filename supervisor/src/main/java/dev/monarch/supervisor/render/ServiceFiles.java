package dev.monarch.supervisor.render;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The files that came to a service through the ring (supervisor.md 6.8).
 *
 * <p>Their names come from the network. The original joins them to a path as they are, so that a
 * rumor can write anywhere (supervisor.md 14.1 row 8); here only a plain name is one.
 */
public final class ServiceFiles {
  /** A file's name on Linux cannot be longer. */
  private static final int NAME_BYTES_MAX = 255;

  private final Placement placement;

  public ServiceFiles(ServiceTree tree, Ownership ownership) {
    placement = new Placement(tree.root(), tree.files(), "rw-r-----", Optional.of(ownership));
  }

  /**
   * Puts a file into {@code files/}.
   *
   * @param filename as the rumor names it
   * @return true if it was not there with the same content
   * @throws IOException if the name is not a plain one or the file cannot be written, with one line
   *     that says so; nothing has changed then
   */
  public boolean place(String filename, byte[] content) throws IOException {
    if (!isPlainName(filename)) {
      throw new IOException(
          "expected a file's name without directories, found \""
              + filename.replaceAll("\\p{Cntrl}", "?")
              + "\" in the ring; upload it under another name");
    }
    return placement.place(filename, content) != Placement.Outcome.UNCHANGED;
  }

  static boolean isPlainName(String filename) {
    return !filename.isEmpty()
        && !filename.equals(".")
        && !filename.equals("..")
        && filename.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES_MAX
        && filename
            .chars()
            .noneMatch(c -> c == '/' || c == '\\' || c == '\uFFFD' || Character.isISOControl(c));
  }
}
