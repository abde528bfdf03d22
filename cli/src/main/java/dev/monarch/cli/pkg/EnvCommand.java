package dev.monarch.cli.pkg;

import dev.monarch.cli.Surroundings;
import dev.monarch.packages.InstalledPackage;
import dev.monarch.packages.PackageStore;
import dev.monarch.packages.RunEnvironment;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hab pkg env}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Prints the variables an installed package runs with, for a shell to read.")
public final class EnvCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin private PackageArgument argument = new PackageArgument();

  public EnvCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try {
      PackageStore store = PackageArgument.store(surroundings);
      InstalledPackage installed = argument.find(store);
      RunEnvironment.ofCommand(installed, store, surroundings.env())
          .forEach(
              (name, value) ->
                  surroundings.out().println("export %s=\"%s\"".formatted(name, quoted(value))));
      return 0;
    } catch (IOException e) {
      throw PackageArgument.unreadable(e);
    }
  }

  /** What is inside double quotes means something to a shell if it is one of these. */
  private static String quoted(String value) {
    return value.replaceAll("([\\\\\"$`])", "\\\\$1");
  }
}
