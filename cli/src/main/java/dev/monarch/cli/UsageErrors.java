package dev.monarch.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Answers wrong command lines in the form the original does: what is wrong, the usage, a hint. */
public final class UsageErrors {
  private static final int EXIT = 2;

  private UsageErrors() {}

  /** Two options that exclude each other. */
  public static ParameterException conflict(CommandSpec command, String one, String other) {
    return new Told(
        command.commandLine(),
        "the argument '%s' cannot be used with '%s'"
            .formatted(label(command, one), label(command, other)));
  }

  /** An option that is needed because of another one. */
  public static ParameterException missing(CommandSpec command, List<String> options) {
    return new Told(
        command.commandLine(),
        "the following required arguments were not provided:"
            + options.stream()
                .map(option -> "\n  " + label(command, option))
                .collect(Collectors.joining()));
  }

  /** A value that is not what the option takes. */
  public static ParameterException invalid(
      CommandSpec command, String option, String value, String reason) {
    return new Told(
        command.commandLine(),
        "invalid value '%s' for '%s': %s".formatted(value, label(command, option), reason));
  }

  /** A value that is none of those the option takes. */
  public static ParameterException invalid(
      CommandSpec command, String option, String value, List<String> possible) {
    return new Told(
        command.commandLine(),
        "invalid value '%s' for '%s'\n  [possible values: %s]"
            .formatted(value, label(command, option), String.join(", ", possible)));
  }

  static int answer(ParameterException problem) {
    CommandLine command = problem.getCommandLine();
    return switch (problem) {
      case Told told -> say(command, told.text(), true);
      case UnmatchedArgumentException unmatched -> unmatched(command, unmatched);
      case MissingParameterException missing -> missing(command, missing);
      case OverwrittenOptionException twice ->
          say(
              command,
              "the argument '%s' cannot be used multiple times"
                  .formatted(label(twice.getOverwritten())),
              true);
      case ParameterException other -> other(command, other);
    };
  }

  static int unrecognized(CommandLine command, String word) {
    return say(command, "unrecognized subcommand '%s'".formatted(word), true);
  }

  private static int unmatched(CommandLine command, UnmatchedArgumentException problem) {
    String word = problem.getUnmatched().getFirst();
    if (!word.startsWith("-") && !command.getSubcommands().isEmpty()) {
      return unrecognized(command, word);
    }
    String tip =
        word.startsWith("-") && !command.getCommandSpec().positionalParameters().isEmpty()
            ? "\n\n  tip: to pass '%s' as a value, use '-- %s'".formatted(word, word)
            : "";
    return say(command, "unexpected argument '%s' found".formatted(word) + tip, true);
  }

  private static int missing(CommandLine command, MissingParameterException problem) {
    List<ArgSpec> missing = problem.getMissing();
    if (missing.size() == 1 && missing.getFirst() instanceof OptionSpec option) {
      if (!option.required()) {
        return say(
            command,
            "a value is required for '%s' but none was supplied".formatted(label(option)),
            false);
      }
    }
    return say(
        command,
        "the following required arguments were not provided:"
            + missing.stream().map(arg -> "\n  " + label(arg)).collect(Collectors.joining()),
        true);
  }

  private static int other(CommandLine command, ParameterException problem) {
    ArgSpec arg = problem.getArgSpec();
    String text = String.valueOf(problem.getMessage());
    if (arg == null) {
      return say(command, text, true);
    }
    if (problem.getCause() instanceof TypeConversionException reason) {
      return say(
          command,
          "invalid value '%s' for '%s': %s"
              .formatted(problem.getValue(), label(arg), reason.getMessage()),
          false);
    }
    if (text.startsWith("Missing required parameter") || text.startsWith("Expected parameter")) {
      return say(
          command,
          "a value is required for '%s' but none was supplied".formatted(label(arg)),
          false);
    }
    return say(command, text, true);
  }

  private static int say(CommandLine command, String text, boolean withUsage) {
    PrintWriter err = command.getErr();
    err.println("error: " + text);
    err.println();
    if (withUsage) {
      err.println("Usage: " + usage(command.getCommandSpec()));
      err.println();
    }
    err.println("For more information, try '--help'.");
    err.flush();
    return EXIT;
  }

  private static String usage(CommandSpec command) {
    StringBuilder usage = new StringBuilder(command.qualifiedName());
    if (!command.subcommands().isEmpty()) {
      return usage.append(" <COMMAND>").toString();
    }
    if (command.options().stream().anyMatch(o -> !o.usageHelp() && !o.versionHelp())) {
      usage.append(" [OPTIONS]");
    }
    for (PositionalParamSpec positional : command.positionalParameters()) {
      usage.append(' ').append(label(positional));
    }
    return usage.toString();
  }

  private static String label(CommandSpec command, String option) {
    return label(command.findOption(option));
  }

  private static String label(ArgSpec arg) {
    return switch (arg) {
      case OptionSpec option -> {
        String name = option.longestName();
        yield option.arity().max() == 0
            ? name
            : name + " <" + option.paramLabel() + ">" + (Greedy.isList(option) ? "..." : "");
      }
      default -> (arg.required() ? "<%s>" : "[%s]").formatted(arg.paramLabel());
    };
  }

  /** A problem this program found itself, after the parser was content. */
  private static final class Told extends ParameterException {
    private final String text;

    Told(CommandLine command, String text) {
      super(command, text);
      this.text = text;
    }

    String text() {
      return text;
    }
  }
}
