package dev.monarch.cli.ctl;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Surroundings;
import dev.monarch.ring.disk.AtomicFile;
import dev.monarch.supervisor.config.Layout;
import dev.monarch.supervisor.ctl.TlsMaterial;
import dev.monarch.supervisor.layers.TomlText;
import dev.monarch.supervisor.layers.TomlTree;
import dev.monarch.supervisor.layers.TreeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a user has settled once for all commands, in {@code cli.toml} (control.md 11.2): below
 * {@code /hab/etc} for root, below {@code ~/.hab/etc} for others. Keys that no command here asks
 * for say nothing.
 *
 * @param file where they were read and are written
 */
public record CommandSettings(Path file, Map<String, Object> keys) {
  public CommandSettings {
    keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
  }

  /** Those of this user. */
  public static CommandSettings read(Surroundings surroundings) {
    return read(file(surroundings));
  }

  private static Path file(Surroundings surroundings) {
    Optional<String> home = surroundings.variable("HOME");
    Path directory =
        Layout.isSuperuser() || home.isEmpty()
            ? Layout.of(surroundings.env()).root().resolve("hab/etc")
            : Path.of(home.get(), ".hab", "etc");
    return directory.resolve("cli.toml");
  }

  private static CommandSettings read(Path file) {
    try {
      return new CommandSettings(file, TomlTree.parse(Files.readString(file), file.toString()));
    } catch (NoSuchFileException none) {
      return new CommandSettings(file, Map.of());
    } catch (IOException unreadable) {
      throw new CommandFailed(
          "expected to read %s, found: %s; check who owns it".formatted(file, unreadable));
    } catch (TreeException wrong) {
      throw new CommandFailed(
          "deserializing '%s' failed, err: %s".formatted(file, wrong.getMessage()));
    }
  }

  /** A text, which may be empty. */
  public Optional<String> text(String key) {
    Object value = keys.get(key);
    if (value == null || value instanceof String) {
      return Optional.ofNullable((String) value);
    }
    throw new CommandFailed(
        "expected a text for %s in %s, found %s; put it in quotes".formatted(key, file, value));
  }

  /** The file that a key names, by itself or by its directory. */
  Path tlsFile(String key, String named, TlsMaterial kind) {
    Path place = Path.of(named);
    try {
      return kind.in(place);
    } catch (IOException none) {
      throw new CommandFailed(
          "expected %s of %s to be a file, or a directory with one in it, found no %s; correct it"
              .formatted(key, file, none.getMessage()));
    }
  }

  /** These settings and a further one. */
  CommandSettings with(String key, String value) {
    Map<String, Object> more = new LinkedHashMap<>(keys);
    more.put(key, value);
    return new CommandSettings(file, more);
  }

  /** These settings without one of them. */
  CommandSettings without(String key) {
    Map<String, Object> fewer = new LinkedHashMap<>(keys);
    fewer.remove(key);
    return new CommandSettings(file, fewer);
  }

  /**
   * Writes them where they were read, for nobody but their owner: a secret may be among them.
   * Remarks that stood in the file are lost, as they are when the original writes it.
   */
  void write() {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      AtomicFile.write(file, TomlText.write(keys).getBytes(UTF_8), AtomicFile.PRIVATE);
    } catch (IOException failure) {
      throw new CommandFailed(
          "expected to write %s, found: %s; check who owns it".formatted(file, failure));
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
