package dev.monarch.supervisor.config;

import dev.monarch.supervisor.config.SupervisorOption.Form;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a command line gave explicitly, as text and without defaults.
 *
 * <p>"Given" is a fact of its own: a flag beats a configuration file even if its value is the
 * built-in default (supervisor.md 14.2, row 33). So whoever parses the command line hands in only
 * what stood there, unchecked; {@link SupervisorConfig#resolve} checks it.
 */
public final class SupervisorOptions {
  /** Nothing given at all. */
  public static final SupervisorOptions NONE = builder().build();

  private final Map<SupervisorOption, List<String>> given;

  private SupervisorOptions(Map<SupervisorOption, List<String>> given) {
    this.given = new EnumMap<>(SupervisorOption.class);
    this.given.putAll(given);
  }

  public static Builder builder() {
    return new Builder();
  }

  public boolean isGiven(SupervisorOption option) {
    return given.containsKey(option);
  }

  /** The values of an option; empty if it was not given, or given without a value. */
  public List<String> values(SupervisorOption option) {
    return given.getOrDefault(option, List.of());
  }

  /** The last value of an option. */
  public Optional<String> value(SupervisorOption option) {
    List<String> values = values(option);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
  }

  /** Collects options in the order of a command line. */
  public static final class Builder {
    private final Map<SupervisorOption, List<String>> given = new EnumMap<>(SupervisorOption.class);

    private Builder() {}

    /** A switch was given, or an {@link Form#OPTIONAL_PATH} without its path. */
    public Builder give(SupervisorOption option) {
      if (option.form() != Form.SWITCH && option.form() != Form.OPTIONAL_PATH) {
        throw new IllegalArgumentException(option.flag() + " takes a value");
      }
      given.put(option, List.of());
      return this;
    }

    /** An option was given with a value; a list grows by it. */
    public Builder give(SupervisorOption option, String value) {
      return switch (option.form()) {
        case SWITCH ->
            throw new IllegalArgumentException(option.flag() + " takes no value: " + value);
        case LIST -> giveAll(option, List.of(value));
        case TEXT, SECRET, PATH, OPTIONAL_PATH, LISTENER, SECONDS, NUMBER, ARGUMENT -> {
          given.put(option, List.of(value));
          yield this;
        }
      };
    }

    /** A list was given; its values are added to those given before. */
    public Builder giveAll(SupervisorOption option, List<String> values) {
      if (option.form() != Form.LIST) {
        throw new IllegalArgumentException(option.flag() + " takes a single value");
      }
      given.merge(
          option,
          List.copyOf(values),
          (earlier, later) ->
              java.util.stream.Stream.concat(earlier.stream(), later.stream()).toList());
      return this;
    }

    public SupervisorOptions build() {
      return new SupervisorOptions(given);
    }
  }
}
