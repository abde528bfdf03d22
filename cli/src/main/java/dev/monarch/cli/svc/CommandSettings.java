package dev.monarch.cli.svc;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Surroundings;
import dev.monarch.supervisor.config.Layout;
import dev.monarch.supervisor.layers.TomlTree;
import dev.monarch.supervisor.layers.TreeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a user has settled once for all commands, in {@code cli.toml} (control.md 11.2): below
 * {@code /hab/etc} for root, below {@code ~/.hab/etc} for others. Keys that no command here asks
 * for say nothing.
 */
final class CommandSettings {
  private final Path file;
  private final Map<String, Object> keys;

  private CommandSettings(Path file, Map<String, Object> keys) {
    this.file = file;
    this.keys = keys;
  }

  static CommandSettings read(Surroundings surroundings) {
    Optional<String> home = surroundings.variable("HOME");
    Path directory =
        Layout.isSuperuser() || home.isEmpty()
            ? Layout.of(surroundings.env()).root().resolve("hab/etc")
            : Path.of(home.get(), ".hab", "etc");
    return read(directory.resolve("cli.toml"));
  }

  static CommandSettings read(Path file) {
    try {
      return new CommandSettings(file, TomlTree.parse(Files.readString(file), file.toString()));
    } catch (NoSuchFileException none) {
      return new CommandSettings(file, Map.of());
    } catch (IOException unreadable) {
      throw new CommandFailed(
          "expected to read %s, found: %s; check who owns it".formatted(file, unreadable));
    } catch (TreeException wrong) {
      throw new CommandFailed(String.valueOf(wrong.getMessage()));
    }
  }

  /** A text, which may be empty. */
  Optional<String> text(String key) {
    Object value = keys.get(key);
    if (value == null || value instanceof String) {
      return Optional.ofNullable((String) value);
    }
    throw new CommandFailed(
        "expected a text for %s in %s, found %s; put it in quotes".formatted(key, file, value));
  }

  boolean has(String key) {
    return keys.containsKey(key);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
