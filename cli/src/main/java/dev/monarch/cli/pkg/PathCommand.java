package dev.monarch.cli.pkg;

import dev.monarch.cli.Surroundings;
import dev.monarch.packages.InstalledPackage;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hab pkg path}. */
@Command(mixinStandardHelpOptions = true, header = "Prints the directory of an installed package.")
public final class PathCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin private PackageArgument argument = new PackageArgument();

  public PathCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try {
      InstalledPackage installed = argument.find(PackageArgument.store(surroundings));
      surroundings.out().println(installed.path());
      return 0;
    } catch (IOException e) {
      throw PackageArgument.unreadable(e);
    }
  }
}
