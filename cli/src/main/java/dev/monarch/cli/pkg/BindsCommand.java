package dev.monarch.cli.pkg;

import dev.monarch.cli.Surroundings;
import dev.monarch.packages.InstalledPackage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hab pkg binds}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Prints the binds of an installed package, and what each needs.")
public final class BindsCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin private PackageArgument argument = new PackageArgument();

  public BindsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try {
      InstalledPackage installed = argument.find(PackageArgument.store(surroundings));
      surroundings.out().println("Showing binds for " + installed.ident());
      print("required", installed.binds());
      print("optional", installed.optionalBinds());
      return 0;
    } catch (IOException e) {
      throw PackageArgument.unreadable(e);
    }
  }

  private void print(String kind, Map<String, List<String>> binds) {
    surroundings.out().println(kind + (binds.isEmpty() ? ": none" : ":"));
    binds.forEach(
        (name, exports) ->
            surroundings.out().println("    [%s]=%s".formatted(name, String.join(" ", exports))));
  }
}
