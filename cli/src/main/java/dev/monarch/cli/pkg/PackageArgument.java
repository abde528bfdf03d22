package dev.monarch.cli.pkg;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Surroundings;
import dev.monarch.packages.InstalledPackage;
import dev.monarch.packages.PackageIdent;
import dev.monarch.packages.PackageStore;
import dev.monarch.supervisor.config.Layout;
import java.io.IOException;
import picocli.CommandLine.Parameters;

/** The package a command is about. */
final class PackageArgument {
  @Parameters(
      index = "0",
      paramLabel = "PKG_IDENT",
      converter = IdentConverter.class,
      description =
          "The package: origin/name, and version and release if it must not be the newest.")
  @SuppressWarnings("NullAway.Init") // set by the parser
  private PackageIdent ident;

  /** The newest installed release that fits. */
  InstalledPackage find(PackageStore store) throws IOException {
    return store
        .find(ident)
        .orElseThrow(
            () ->
                new CommandFailed(
                    (ident.isFullyQualified()
                            ? "Cannot find package: "
                            : "Cannot find a release of package: ")
                        + ident));
  }

  static PackageStore store(Surroundings surroundings) {
    return PackageStore.below(Layout.of(surroundings.env()).root());
  }

  static CommandFailed unreadable(IOException e) {
    return new CommandFailed("Cannot read installed packages: " + e.getMessage());
  }
}
