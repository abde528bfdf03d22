package dev.monarch.cli.pkg;

import dev.monarch.cli.Surroundings;
import dev.monarch.packages.InstalledPackage;
import dev.monarch.packages.PackageIdent;
import dev.monarch.packages.PackageStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hab pkg dependencies}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Prints what an installed package depends on, or what depends on it.")
public final class DependenciesCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin private PackageArgument argument = new PackageArgument();

  @Option(
      names = {"-t", "--transitive"},
      description = "Also dependencies of dependencies.")
  private boolean transitive;

  @Option(
      names = {"-r", "--reverse"},
      description = "Installed packages that depend on this one.")
  private boolean reverse;

  public DependenciesCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try {
      PackageStore store = PackageArgument.store(surroundings);
      InstalledPackage installed = argument.find(store);
      List<PackageIdent> told =
          reverse ? dependents(store, installed.ident()) : dependencies(installed);
      told.forEach(surroundings.out()::println);
      return 0;
    } catch (IOException e) {
      throw PackageArgument.unreadable(e);
    }
  }

  private List<PackageIdent> dependencies(InstalledPackage installed) {
    return transitive ? installed.tdeps() : installed.deps();
  }

  private List<PackageIdent> dependents(PackageStore store, PackageIdent ident) throws IOException {
    List<PackageIdent> dependents = new ArrayList<>();
    for (PackageIdent release : store.list()) {
      if (store.find(release).filter(p -> dependencies(p).contains(ident)).isPresent()) {
        dependents.add(release);
      }
    }
    return dependents;
  }
}
