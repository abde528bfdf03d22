package dev.monarch.supervisor.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;

/**
 * One TOML file with options (supervisor.md 10.3).
 *
 * @param values what it says, defaults included; a switch that is off is not given
 * @param defaults what it says to be as it is anyway; a later file's default still undoes an
 *     earlier file's value
 * @param unknownKeys what it says that no option is called
 */
record ConfigurationFile(
    Map<SupervisorOption, Given> values,
    List<SupervisorOption> defaults,
    List<String> unknownKeys) {

  /**
   * A configuration file has some sixty keys; a greater one is not meant for us, and would only
   * fill the memory.
   */
  private static final long BYTES_MAX = 1 << 20;

  private static final Map<String, SupervisorOption> BY_KEY = byKey();

  /** The original writes these two into generated files; they say nothing about a Supervisor. */
  private static final List<String> MEANINGLESS_KEYS = List.of("config_files", "generate_config");

  static ConfigurationFile read(Path file) throws ConfigurationException {
    if (!file.toString().endsWith(".toml")) {
      throw new ConfigurationException(
          "expected a configuration file whose name ends in .toml, found " + file + "; rename it");
    }
    TomlParseResult toml = Toml.parse(text(file));
    if (toml.hasErrors()) {
      TomlParseError first = toml.errors().getFirst();
      throw new ConfigurationException(
          "expected TOML in %s, found at line %d, column %d: %s; correct the file"
              .formatted(
                  file,
                  first.position().line(),
                  first.position().column(),
                  String.valueOf(first.getMessage()).replaceAll("\\s+", " ")));
    }
    var values = new EnumMap<SupervisorOption, Given>(SupervisorOption.class);
    var defaults = new ArrayList<SupervisorOption>();
    var unknown = new ArrayList<String>();
    for (Map.Entry<String, Object> entry : toml.entrySet()) {
      String key = entry.getKey();
      SupervisorOption option = BY_KEY.get(key);
      if (option == null) {
        if (!MEANINGLESS_KEYS.contains(key)) {
          unknown.add(key);
        }
        continue;
      }
      TomlPosition position = toml.inputPositionOf(List.of(key));
      String origin = key + " in " + file + (position == null ? "" : ", line " + position.line());
      Optional<List<String>> found = values(option, entry.getValue(), origin);
      boolean isDefault = found.equals(option.standard().map(List::of));
      if (found.isEmpty() || isDefault) {
        defaults.add(option);
      } else {
        values.put(option, new Given(option, Given.Source.FILE, origin, found.get()));
      }
    }
    return new ConfigurationFile(values, defaults, unknown);
  }

  /** The value as text; empty for a switch that is off and a list without elements. */
  private static Optional<List<String>> values(SupervisorOption option, Object value, String origin)
      throws ConfigurationException {
    return switch (option.form()) {
      case SWITCH -> {
        if (!(value instanceof Boolean on)) {
          throw unexpected("true or false", value, origin);
        }
        yield on ? Optional.of(List.of()) : Optional.empty();
      }
      case SECONDS, NUMBER -> {
        if (!(value instanceof Long number)) {
          throw unexpected("a whole number", value, origin);
        }
        yield Optional.of(List.of(number.toString()));
      }
      case LIST -> {
        if (!(value instanceof TomlArray array)) {
          throw unexpected("an array of strings", value, origin);
        }
        List<String> texts = new ArrayList<>();
        for (Object element : array.toList()) {
          if (!(element instanceof String text)) {
            throw unexpected("an array of strings", value, origin);
          }
          texts.add(text);
        }
        yield texts.isEmpty() ? Optional.empty() : Optional.of(texts);
      }
      case TEXT, SECRET, PATH, OPTIONAL_PATH, LISTENER, ARGUMENT -> {
        if (!(value instanceof String text)) {
          throw unexpected("a string", value, origin);
        }
        yield Optional.of(List.of(text));
      }
    };
  }

  private static ConfigurationException unexpected(
      String expected, @Nullable Object found, String origin) {
    String kind =
        switch (found) {
          case null -> "nothing";
          case Boolean on -> on.toString();
          case Long number -> number.toString();
          case Double number -> number.toString();
          case String _ -> "a string";
          case TomlArray _ -> "another array";
          default -> "something else";
        };
    return new ConfigurationException(
        "expected %s for %s, found %s; correct the file".formatted(expected, origin, kind));
  }

  private static String text(Path file) throws ConfigurationException {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new ConfigurationException(
            "expected a configuration file of at most %d bytes, found %d in %s; name another file"
                .formatted(BYTES_MAX, Files.size(file), file));
      }
      return Files.readString(file);
    } catch (NoSuchFileException missing) {
      throw new ConfigurationException(
          "expected a configuration file, found nothing at "
              + file
              + "; create it or name another one with --config-files");
    } catch (CharacterCodingException notUtf8) {
      throw new ConfigurationException(
          "expected UTF-8 text in " + file + ", found other bytes; convert the file");
    } catch (IOException failure) {
      throw new ConfigurationException(
          "expected a readable configuration file, found %s (%s); check its permissions"
              .formatted(file, failure.getClass().getSimpleName()));
    }
  }

  private static Map<String, SupervisorOption> byKey() {
    var map = new HashMap<String, SupervisorOption>();
    for (SupervisorOption option : SupervisorOption.values()) {
      option.key().ifPresent(key -> map.put(key, option));
    }
    return map;
  }
}
