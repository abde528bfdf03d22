package dev.monarch.cli.pkg;

import dev.monarch.cli.Surroundings;
import dev.monarch.packages.InstalledPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hab pkg config}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Prints the default configuration of an installed package.")
public final class ConfigCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin private PackageArgument argument = new PackageArgument();

  public ConfigCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try {
      InstalledPackage installed = argument.find(PackageArgument.store(surroundings));
      if (Files.exists(installed.defaultToml())) {
        surroundings.out().println(Files.readString(installed.defaultToml()).strip());
      } else {
        surroundings.err().println("No default.toml found for " + installed.ident());
      }
      return 0;
    } catch (IOException e) {
      throw PackageArgument.unreadable(e);
    }
  }
}
