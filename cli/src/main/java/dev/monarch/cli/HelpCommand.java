package dev.monarch.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hab help ring key} is {@code hab ring key --help}. */
@Command(header = "Shows help for a command.", helpCommand = true)
final class HelpCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by the parser
  private CommandSpec spec;

  @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "The command to explain.")
  private List<String> path = List.of();

  HelpCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    CommandLine command = spec.commandLine().getParent();
    for (String name : path) {
      CommandLine below = command.getSubcommands().get(name);
      if (below == null) {
        return UsageErrors.unrecognized(command, name);
      }
      command = below;
    }
    surroundings.out().print(command.getUsageMessage());
    return 0;
  }
}
