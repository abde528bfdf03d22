package dev.monarch.supervisor.render;

import dev.monarch.supervisor.disk.TextFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which files below a service's directory were rendered, one path a line, so that those whose
 * templates are gone in another release can be removed (supervisor.md 14.1 row 17). Files that the
 * service made itself are not in it and stay.
 */
final class Manifest {
  private static final int BYTES_MAX = 16 << 20;

  private final Path root;
  private final String fileName;
  private final Placement placement;

  Manifest(Path root, String fileName) {
    this.root = root;
    this.fileName = fileName;
    this.placement = new Placement(root, root, "rw-r--r--", Optional.empty());
  }

  /** The paths that were written down last; none if that cannot be read any more. */
  SequencedSet<String> read() {
    try {
      return TextFile.read(root.resolve(fileName), BYTES_MAX)
          .map(text -> text.lines().collect(Collectors.toCollection(LinkedHashSet::new)))
          .orElseGet(LinkedHashSet::new);
    } catch (IOException unreadable) {
      return new LinkedHashSet<>();
    }
  }

  void write(Set<String> paths) throws IOException {
    String text = paths.stream().map(path -> path + "\n").collect(Collectors.joining());
    placement.place(fileName, text.getBytes(StandardCharsets.UTF_8));
  }
}
