package dev.monarch.cli.completion;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The completion script for fish: one line for each command and each option. */
final class FishScript {
  /**
   * {@code __hab_at ring key} holds where exactly these commands were typed, {@code __hab_in} where
   * they begin what was typed.
   */
  private static final String FUNCTIONS =
      """
      function __hab_words
          for word in (commandline -opc)[2..-1]
              string match -q -- '-*' $word; or echo $word
          end
      end
      function __hab_at
          set -l words (__hab_words)
          test "$words" = "$argv"
      end
      function __hab_in
          set -l words (__hab_words)
          set -l length (count $argv)
          test (count $words) -ge $length; and test "$words[1..$length]" = "$argv"
      end
      complete -c hab -f
      """;

  private FishScript() {}

  static String of(CommandSpec root) {
    StringBuilder script = new StringBuilder(FUNCTIONS);
    add(script, root, "");
    return script.toString();
  }

  private static void add(StringBuilder script, CommandSpec command, String path) {
    command
        .subcommands()
        .forEach(
            (name, below) -> {
              CommandSpec child = below.getCommandSpec();
              script.append(
                  "complete -c hab -n '__hab_at%s' -a %s -d %s\n"
                      .formatted(path, name, quoted(first(child.usageMessage().header()))));
              add(script, child, path + " " + name);
            });
    for (PositionalParamSpec word : command.positionalParameters()) {
      for (String value : values(word)) {
        script.append("complete -c hab -n '__hab_at%s' -a %s\n".formatted(path, value));
      }
    }
    for (OptionSpec option : command.options()) {
      if (!option.hidden()) {
        option(script, option, (command.subcommands().isEmpty() ? "__hab_in" : "__hab_at") + path);
      }
    }
  }

  private static void option(StringBuilder script, OptionSpec option, String condition) {
    script.append("complete -c hab -n '").append(condition).append('\'');
    for (String name : option.names()) {
      script.append(
          name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    List<String> values = values(option);
    if (!values.isEmpty()) {
      script.append(" -x -a ").append(quoted(String.join(" ", values)));
    } else if (option.arity().max() > 0) {
      // A value, which may be a file.
      script.append(" -r -F");
    }
    script.append(" -d ").append(quoted(first(option.description()))).append('\n');
  }

  /** What may stand there, if that is known. */
  private static List<String> values(ArgSpec arg) {
    List<String> values = new ArrayList<>();
    Iterable<String> known = arg.completionCandidates();
    if (known != null) {
      known.forEach(values::add);
    }
    return values;
  }

  private static String first(String[] lines) {
    return List.of(lines).isEmpty() ? "" : lines[0].replace("%%", "%");
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
