package dev.monarch.supervisor.spec;

import dev.monarch.ring.disk.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The specs of all services, {@code NAME.spec} each (supervisor.md 3.1 and 3.3).
 *
 * <p>Dropping, editing and deleting files by hand is a supported way to drive a Supervisor. So a
 * file may be wrong or half written at any time: it costs nothing but a line, and the service that
 * runs under its name is left alone. The original takes it for a deleted one and stops the service.
 */
public final class SpecDirectory {
  private static final String ENDING = ".spec";

  private final Path directory;

  /**
   * @param directory need not exist
   */
  public SpecDirectory(Path directory) {
    this.directory = directory;
  }

  /**
   * What all files say.
   *
   * @param specs by name of the service
   * @param unreadable names of files that are there and cannot be used
   * @param problems one line for each of them
   */
  public record Contents(
      SortedMap<String, ServiceSpec> specs, SortedSet<String> unreadable, List<String> problems) {
    public Contents {
      specs = Collections.unmodifiableSortedMap(new TreeMap<>(specs));
      unreadable = Collections.unmodifiableSortedSet(new TreeSet<>(unreadable));
      problems = List.copyOf(problems);
    }
  }

  /**
   * Reads all files.
   *
   * @throws IOException if the directory itself cannot be read, with one line that says why
   */
  public Contents read() throws IOException {
    var specs = new TreeMap<String, ServiceSpec>();
    var unreadable = new TreeSet<String>();
    var problems = new ArrayList<String>();
    for (String name : names()) {
      try {
        find(name).ifPresent(spec -> specs.put(name, spec));
      } catch (SpecException wrong) {
        unreadable.add(name);
        problems.add(wrong.getMessage());
      }
    }
    return new Contents(specs, unreadable, problems);
  }

  private Set<String> names() throws IOException {
    var names = new TreeSet<String>();
    try (Stream<Path> files = Files.list(directory)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ENDING) && name.length() > ENDING.length())
          .forEach(name -> names.add(name.substring(0, name.length() - ENDING.length())));
    } catch (NoSuchFileException missing) {
      return Set.of();
    } catch (UncheckedIOException midway) {
      throw new IOException("cannot read " + directory + ": " + midway.getMessage(), midway);
    } catch (IOException failure) {
      throw cannot("read", directory, failure);
    }
    return names;
  }

  /**
   * The spec of one service, as its file says now.
   *
   * @return empty if there is no file
   */
  public Optional<ServiceSpec> find(String name) throws SpecException {
    Path file = file(name);
    Optional<ServiceSpec> spec = SpecFile.read(file);
    if (spec.isPresent() && !spec.get().name().equals(name)) {
      throw new SpecException(
          "expected an ident with the name %s in %s, found %s; rename the file to %s"
              .formatted(name, file, spec.get().ident(), spec.get().name() + ENDING));
    }
    return spec;
  }

  /**
   * Writes the spec of its service, in the place of the one there may be.
   *
   * @throws IOException with one line that names the file
   */
  public void write(ServiceSpec spec) throws IOException {
    try {
      Files.createDirectories(directory);
    } catch (IOException failure) {
      throw cannot("create", directory, failure);
    }
    SpecFile.write(file(spec.name()), spec);
  }

  /**
   * Deletes the spec of a service.
   *
   * @return false if there was none
   * @throws IOException with one line that names the file
   */
  public boolean delete(String name) throws IOException {
    Path file = file(name);
    try {
      return Files.deleteIfExists(file);
    } catch (IOException failure) {
      throw cannot("delete", file, failure);
    }
  }

  /** Where the spec of a service is, or would be. */
  public Path file(String name) {
    return directory.resolve(name + ENDING);
  }

  private static IOException cannot(String what, Path file, IOException failure) {
    return new IOException(
        "cannot %s %s: %s".formatted(what, file, AtomicFile.reason(failure)), failure);
  }
}
