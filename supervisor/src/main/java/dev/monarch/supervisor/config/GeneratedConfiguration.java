package dev.monarch.supervisor.config;

import dev.monarch.supervisor.config.SupervisorOption.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The text of {@code hab sup run --generate-config}: every key with its help and its value, which
 * is the given one if flags or variables give one, else the default, else left out in a comment.
 */
public final class GeneratedConfiguration {
  /** Where the original breaks its comments. */
  private static final int COLUMNS = 90;

  private static final String COMMENT = "###  ";

  private GeneratedConfiguration() {}

  public static String text(SupervisorOptions options, Map<String, String> environment) {
    var spoken = SupervisorConfig.spoken(options, environment);
    var text = new StringBuilder();
    for (SupervisorOption option : SupervisorOption.values()) {
      if (option.key().isEmpty() || option.hidden()) {
        continue;
      }
      comment(text, option.help());
      String key = option.key().get();
      Optional<String> value = value(option, Optional.ofNullable(spoken.get(option)), environment);
      text.append(value.map(found -> key + " = " + found).orElse("# " + key + " = "))
          .append("\n\n");
    }
    return text.toString();
  }

  private static Optional<String> value(
      SupervisorOption option, Optional<List<String>> spoken, Map<String, String> environment) {
    return switch (option.form()) {
      case SWITCH -> Optional.of(spoken.isPresent() ? "true" : "false");
      case LIST ->
          Optional.of(
              spoken.orElse(List.of()).stream()
                  .map(GeneratedConfiguration::quote)
                  .collect(java.util.stream.Collectors.joining(", ", "[", "]")));
      case SECONDS, NUMBER -> single(option, spoken);
      // A file is read by more people than a command line.
      case SECRET -> Optional.empty();
      case PATH -> path(option, spoken, environment).map(GeneratedConfiguration::quote);
      case TEXT, OPTIONAL_PATH, LISTENER, ARGUMENT ->
          single(option, spoken).map(GeneratedConfiguration::quote);
    };
  }

  private static Optional<String> path(
      SupervisorOption option, Optional<List<String>> spoken, Map<String, String> environment) {
    Optional<String> single = single(option, spoken);
    return option == SupervisorOption.CACHE_KEY_PATH
        ? single.or(() -> Optional.of(Layout.of(environment).keyCache().toString()))
        : single;
  }

  private static Optional<String> single(SupervisorOption option, Optional<List<String>> spoken) {
    return spoken
        .filter(values -> !values.isEmpty())
        .map(List::getLast)
        .filter(text -> option.form() != Form.SECONDS || text.matches("[0-9]+"))
        .or(option::standard);
  }

  /** The first sentence, then, after an empty line, the others. */
  private static void comment(StringBuilder text, String help) {
    List<String> sentences = help.lines().toList();
    wrap(text, sentences.getFirst());
    if (sentences.size() > 1) {
      text.append("### \n");
      wrap(text, String.join(" ", sentences.subList(1, sentences.size())));
    }
  }

  private static void wrap(StringBuilder text, String paragraph) {
    List<String> line = new ArrayList<>();
    int length = 0;
    for (String word : paragraph.split(" ", -1)) {
      if (!line.isEmpty() && COMMENT.length() + length + word.length() > COLUMNS) {
        text.append(COMMENT).append(String.join(" ", line)).append('\n');
        line.clear();
        length = 0;
      }
      line.add(word);
      length += word.length() + 1;
    }
    text.append(COMMENT).append(String.join(" ", line)).append('\n');
  }

  /** A TOML basic string. */
  static String quote(String value) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        default -> {
          if (c < ' ' || c == 0x7f) {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
