package dev.monarch.cli.completion;

import dev.monarch.cli.Surroundings;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code hab completion bash|zsh|fish}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Prints a script that completes commands and options in a shell.",
    description = {
      "bash:  source <(hab completion bash)",
      "zsh:   source <(hab completion zsh)",
      "fish:  hab completion fish | source"
    })
public final class CompletionCommand implements Callable<Integer> {
  private enum Shell {
    BASH,
    ZSH,
    FISH
  }

  /** Names in lower case, errors as the original tells them. */
  private static final class ShellName implements ITypeConverter<Shell> {
    @Override
    public Shell convert(String name) {
      for (Shell shell : Shell.values()) {
        if (shell.name().toLowerCase(Locale.ROOT).equals(name)) {
          return shell;
        }
      }
      throw new TypeConversionException("expected bash, zsh or fish");
    }
  }

  private final Surroundings surroundings;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by the parser
  private CommandSpec spec;

  @Parameters(
      paramLabel = "SHELL",
      converter = ShellName.class,
      completionCandidates = ShellNames.class,
      description = "bash, zsh or fish.")
  private Shell shell = Shell.BASH;

  private static final class ShellNames implements Iterable<String> {
    @Override
    public java.util.Iterator<String> iterator() {
      return java.util.List.of("bash", "zsh", "fish").iterator();
    }
  }

  public CompletionCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    CommandLine hab = spec.root().commandLine();
    surroundings
        .out()
        .print(
            switch (shell) {
              // The script prepares zsh for itself.
              case BASH, ZSH -> AutoComplete.bash("hab", hab);
              case FISH -> FishScript.of(hab.getCommandSpec());
            });
    surroundings.out().flush();
    return 0;
  }
}
