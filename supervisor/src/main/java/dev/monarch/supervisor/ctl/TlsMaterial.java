package dev.monarch.supervisor.ctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The files of TLS, which may be named by their directory (control.md 6.3). */
public enum TlsMaterial {
  CERTIFICATES("ctl-gateway-", ".crt.pem"),
  KEY("ctl-gateway-", ".key.pem");

  private final String begin;
  private final String end;

  TlsMaterial(String begin, String end) {
    this.begin = begin;
    this.end = end;
  }

  /**
   * The file itself, or the newest of a directory: names carry the time in which they were made.
   *
   * @throws NoSuchFileException with the path, or with the pattern of names that none has
   */
  public Path in(Path place) throws IOException {
    if (!Files.isDirectory(place)) {
      if (!Files.isReadable(place)) {
        throw new NoSuchFileException(place.toString());
      }
      return place;
    }
    try (Stream<Path> files = Files.list(place)) {
      return files
          .filter(file -> isOne(file.getFileName().toString()))
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .max(Comparator.naturalOrder())
          .orElseThrow(() -> new NoSuchFileException(place.resolve(begin + "*" + end).toString()));
    }
  }

  private boolean isOne(String name) {
    return name.startsWith(begin) && name.endsWith(end);
  }
}
