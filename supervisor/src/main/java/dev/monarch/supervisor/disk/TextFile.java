package dev.monarch.supervisor.disk;

import dev.monarch.ring.disk.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Reads files of UTF-8 text that somebody else wrote. */
public final class TextFile {
  private TextFile() {}

  /**
   * The whole text.
   *
   * @param bytesMax the greatest size that makes sense for this kind of file
   * @return empty if there is no such file
   * @throws IOException with one line that names the file and what is wrong with it
   */
  public static Optional<String> read(Path file, int bytesMax) throws IOException {
    byte[] content;
    try {
      // A pipe would keep us waiting for whoever fills it.
      if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
        throw new IOException(
            "expected a file, found a directory or device at " + file + "; replace it");
      }
      try (InputStream in = Files.newInputStream(file)) {
        content = in.readNBytes(bytesMax + 1);
      }
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    } catch (FileSystemException failure) {
      throw new IOException(
          "expected a readable file, found %s at %s; check it and its permissions"
              .formatted(AtomicFile.reason(failure), file),
          failure);
    }
    if (content.length > bytesMax) {
      throw new IOException(
          "expected at most %d bytes in %s, found more; shorten it".formatted(bytesMax, file));
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
    } catch (CharacterCodingException notText) {
      throw new IOException(
          "expected UTF-8 text in " + file + ", found other bytes; convert it", notText);
    }
  }
}
