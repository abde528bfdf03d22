package dev.monarch.cli.pkg;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Surroundings;
import dev.monarch.packages.PackageStore;
import dev.monarch.packages.RunEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code hab pkg exec}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Runs a command with the variables an installed package runs with.",
    description = {
      "The command is looked for in the package's own path first and then in PATH.",
      "Whatever follows it is its own, options too. It takes the place of this program."
    })
public final class ExecCommand implements Callable<Integer> {
  /** What takes this program's place; returns only if it could not. */
  interface Successor {
    /**
     * Begins.
     *
     * @param program an executable file
     * @param words what it is called, and its arguments
     * @param environment all variables it gets
     * @throws IOException why it cannot begin
     */
    void become(Path program, List<String> words, Map<String, String> environment)
        throws IOException;
  }

  private final Surroundings surroundings;
  private final Successor successor;

  @Mixin private PackageArgument argument = new PackageArgument();

  @Parameters(index = "1", paramLabel = "CMD", description = "The command, such as ls.")
  private String command = "";

  @Parameters(
      index = "2..*",
      arity = "0..*",
      paramLabel = "ARGS",
      description = "The arguments of the command.")
  private List<String> arguments = List.of();

  public ExecCommand(Surroundings surroundings) {
    this(surroundings, Become::program);
  }

  ExecCommand(Surroundings surroundings, Successor successor) {
    this.surroundings = surroundings;
    this.successor = successor;
  }

  @Override
  public Integer call() {
    try {
      PackageStore store = PackageArgument.store(surroundings);
      Map<String, String> variables =
          RunEnvironment.ofCommand(argument.find(store), store, surroundings.env());
      Map<String, String> environment = new TreeMap<>(surroundings.env());
      environment.putAll(variables);
      environment.computeIfPresent(
          "PATH",
          (name, path) ->
              variables.containsKey(name)
                  ? String.join(
                      ":",
                      Stream.of(path, surroundings.env().getOrDefault(name, ""))
                          .filter(part -> !part.isEmpty())
                          .toList())
                  : path);
      List<String> words = new ArrayList<>(List.of(command));
      words.addAll(arguments);
      start(locate(environment.getOrDefault("PATH", "")), words, environment);
      return 0;
    } catch (IOException e) {
      throw PackageArgument.unreadable(e);
    }
  }

  private void start(Path program, List<String> words, Map<String, String> environment) {
    surroundings.out().flush();
    surroundings.err().flush();
    try {
      successor.become(program, words, environment);
    } catch (IOException e) {
      throw new CommandFailed("Cannot run " + program + ": " + e.getMessage());
    }
  }

  private Path locate(String searchPath) {
    if (command.contains("/")) {
      return Path.of(command);
    }
    return Stream.of(searchPath.split(":"))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry, command))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandFailed(
                    "Cannot find the command '%s' in PATH, which here is '%s'"
                        .formatted(command, searchPath)));
  }
}
