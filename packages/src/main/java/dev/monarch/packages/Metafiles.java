package dev.monarch.packages;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The small text files of one package (supervisor.md 2.1). A file that is not there reads as empty;
 * blank lines are skipped wherever they are.
 */
record Metafiles(Path directory) {
  /**
   * One line that says something.
   *
   * @param number from 1
   */
  record Line(Path file, int number, String text) {
    MalformedPackageException malformed(String expected) {
      return new MalformedPackageException(
          file, number, "expected " + expected + ", found \"" + text + "\"");
    }
  }

  /** Without white space around it; empty if there is no such file. */
  Optional<String> text(String name) throws IOException {
    return content(name).map(String::strip);
  }

  private Optional<String> content(String name) throws IOException {
    Path file = directory.resolve(name);
    try {
      String text = Files.readString(file);
      if (text.indexOf('\0') >= 0) {
        throw new MalformedPackageException(file, "expected text, found a byte 0");
      }
      return Optional.of(text);
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (CharacterCodingException e) {
      throw new MalformedPackageException(file, "expected UTF-8, found other bytes");
    }
  }

  /** A word, absent if the file is or has none. */
  Optional<String> word(String name) throws IOException {
    return text(name).filter(word -> !word.isEmpty());
  }

  List<Line> lines(String name) throws IOException {
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (String line : content(name).orElse("").stripTrailing().lines().toList()) {
      number++;
      if (!line.isBlank()) {
        lines.add(new Line(directory.resolve(name), number, line.stripLeading()));
      }
    }
    return lines;
  }

  /** Each line split at its first equals sign; of a key told twice the last. */
  Map<String, String> assignments(String name) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    for (Line line : lines(name)) {
      int equals = line.text().indexOf('=');
      if (equals < 1) {
        throw line.malformed("NAME=VALUE");
      }
      values.put(line.text().substring(0, equals), line.text().substring(equals + 1));
    }
    return Collections.unmodifiableMap(values);
  }

  List<PackageIdent> idents(String name) throws IOException {
    List<PackageIdent> idents = new ArrayList<>();
    for (Line line : lines(name)) {
      try {
        PackageIdent ident = PackageIdent.parse(line.text().strip());
        if (!ident.isFullyQualified()) {
          throw line.malformed("origin/name/version/release");
        }
        idents.add(ident);
      } catch (MalformedIdentException e) {
        throw line.malformed("origin/name/version/release");
      }
    }
    return List.copyOf(idents);
  }

  /** Lines such as {@code db=port host}; what follows a second equals sign is ignored. */
  Map<String, List<String>> binds(String name) throws IOException {
    Map<String, List<String>> binds = new LinkedHashMap<>();
    for (Map.Entry<String, String> bind : assignments(name).entrySet()) {
      binds.put(bind.getKey(), words(bind.getValue().split("=", -1)[0]));
    }
    return Collections.unmodifiableMap(binds);
  }

  /** The parts of a search path, absent if the file is. */
  Optional<List<String>> searchPath(String name) throws IOException {
    return text(name).map(Metafiles::entries);
  }

  static List<String> entries(String searchPath) {
    return searchPath.isEmpty() ? List.of() : List.of(searchPath.split(":", -1));
  }

  static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
  }
}
