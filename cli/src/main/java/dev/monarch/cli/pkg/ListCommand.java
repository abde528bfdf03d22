package dev.monarch.cli.pkg;

import dev.monarch.cli.Surroundings;
import dev.monarch.packages.PackageIdent;
import dev.monarch.packages.PackageStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hab pkg list}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Prints the releases that are installed.",
    description = "Takes exactly one of PKG_IDENT, --all and --origin.")
public final class ListCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by the parser
  private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "PKG_IDENT",
      converter = IdentConverter.class,
      description = "Releases of this package, or of one version of it.")
  private Optional<PackageIdent> ident = Optional.empty();

  @Option(
      names = {"-a", "--all"},
      description = "All packages.")
  private boolean all;

  @Option(
      names = {"-o", "--origin"},
      paramLabel = "ORIGIN",
      description = "Packages of this origin.")
  private Optional<String> origin = Optional.empty();

  public ListCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    requireOne();
    try {
      selected(PackageArgument.store(surroundings)).forEach(surroundings.out()::println);
      return 0;
    } catch (IOException e) {
      throw PackageArgument.unreadable(e);
    }
  }

  private void requireOne() {
    int given = (all ? 1 : 0) + (origin.isPresent() ? 1 : 0) + (ident.isPresent() ? 1 : 0);
    if (given == 0) {
      throw new ParameterException(
          spec.commandLine(),
          "the following required arguments were not provided:\n"
              + "  <--all|--origin <ORIGIN>|PKG_IDENT>");
    }
    if (given > 1) {
      throw new ParameterException(
          spec.commandLine(),
          "the argument '%s' cannot be used with '%s'"
              .formatted(
                  all ? "--all" : "--origin <ORIGIN>",
                  all && origin.isPresent() ? "--origin <ORIGIN>" : "[PKG_IDENT]"));
    }
  }

  private List<PackageIdent> selected(PackageStore store) throws IOException {
    if (ident.isPresent()) {
      return store.list(ident.get());
    }
    return store.list().stream()
        .filter(release -> origin.isEmpty() || release.origin().equals(origin.get()))
        .toList();
  }
}
