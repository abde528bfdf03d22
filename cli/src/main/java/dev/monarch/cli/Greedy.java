package dev.monarch.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options that take a list swallow every word that follows, up to the next option: {@code --peer a
 * b} is {@code --peer=a --peer=b}. A value joined by {@code =} is taken alone. So does the
 * original, with the consequence that a package named right after {@code --peer b} is taken for a
 * peer (supervisor.md 10.1).
 */
final class Greedy {
  private Greedy() {}

  /** The same command line with every list spelled out. */
  static String[] spread(CommandSpec root, String[] args) {
    List<String> spread = new ArrayList<>();
    CommandSpec command = root;
    int i = 0;
    while (i < args.length) {
      String word = args[i++];
      if (word.equals("--")) {
        spread.addAll(List.of(args).subList(i - 1, args.length));
        break;
      }
      OptionSpec option = command.findOption(word);
      if (option != null && isList(option) && i < args.length && isValue(args[i])) {
        while (i < args.length && isValue(args[i])) {
          spread.add(word + "=" + args[i++]);
        }
        continue;
      }
      spread.add(word);
      if (option != null && option.arity().min() == 1 && i < args.length) {
        spread.add(args[i++]);
        continue;
      }
      CommandLine below = command.subcommands().get(word);
      if (below != null) {
        command = below.getCommandSpec();
      }
    }
    return spread.toArray(String[]::new);
  }

  static boolean isList(OptionSpec option) {
    return option.isMultiValue();
  }

  private static boolean isValue(String word) {
    return !word.startsWith("-") || word.equals("-");
  }
}
