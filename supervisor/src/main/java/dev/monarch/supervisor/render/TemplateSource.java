package dev.monarch.supervisor.render;

import dev.monarch.supervisor.disk.TextFile;
import dev.monarch.supervisor.template.TemplateException;
import dev.monarch.supervisor.template.Templates;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads and compiles the templates of a package. */
final class TemplateSource {
  /** A template of this size is data, and would be held in memory for each service. */
  private static final int BYTES_MAX = 16 << 20;

  private final Path fsRoot;

  TemplateSource(Path fsRoot) {
    this.fsRoot = fsRoot;
  }

  /**
   * All files of a directory as one registry, by their path below it. Links are skipped, as the
   * original does: one may point to a directory above.
   */
  Templates directory(Path directory) throws RenderingException {
    var texts = new TreeMap<String, String>();
    if (Files.isDirectory(directory)) {
      try {
        Files.walkFileTree(
            directory,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                  throws IOException {
                if (attributes.isRegularFile()) {
                  Optional<String> text = TextFile.read(file, BYTES_MAX);
                  text.ifPresent(found -> texts.put(directory.relativize(file).toString(), found));
                }
                return FileVisitResult.CONTINUE;
              }
            });
      } catch (IOException unreadable) {
        throw new RenderingException(String.valueOf(unreadable.getMessage()));
      }
    }
    return compile(texts);
  }

  /** One file as a registry of its own; empty if there is no such file. */
  Optional<Templates> file(Path directory, String name) throws RenderingException {
    Optional<String> text;
    try {
      text = TextFile.read(directory.resolve(name), BYTES_MAX);
    } catch (IOException unreadable) {
      throw new RenderingException(String.valueOf(unreadable.getMessage()));
    }
    return text.isEmpty() ? Optional.empty() : Optional.of(compile(Map.of(name, text.get())));
  }

  private Templates compile(Map<String, String> texts) throws RenderingException {
    try {
      return Templates.compile(texts, fsRoot);
    } catch (TemplateException wrong) {
      throw new RenderingException(String.valueOf(wrong.getMessage()));
    }
  }
}
