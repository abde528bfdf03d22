package dev.monarch.cli.key;

import dev.monarch.cli.Surroundings;
import dev.monarch.crypto.KeyException;
import dev.monarch.crypto.KeyKind;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code hab origin key export}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Prints the newest key of an origin.",
    description = "The text is what 'hab origin key import' reads, without a line end after it.")
public final class OriginKeyExportCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  /** The two halves of a pair. */
  private enum Half {
    PUBLIC,
    SECRET
  }

  @Parameters(
      paramLabel = "ORIGIN",
      converter = Origin.Converter.class,
      description = "The name of the origin.")
  @SuppressWarnings("NullAway.Init") // set by the parser
  private Origin origin;

  @Option(
      names = {"-t", "--type"},
      paramLabel = "KEY_TYPE",
      converter = HalfConverter.class,
      completionCandidates = HalfNames.class,
      description = {
        "Which key of the pair: the public one, or the secret one, which signs packages.",
        "[default: public] [possible values: public, secret]"
      })
  private Half half = Half.PUBLIC;

  @Mixin private KeyCacheOption cache = new KeyCacheOption();

  public OriginKeyExportCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws KeyException {
    KeyKind<?> kind =
        switch (half) {
          case PUBLIC -> KeyKind.SIGNING_PUBLIC;
          case SECRET -> KeyKind.SIGNING_SECRET;
        };
    surroundings.out().print(cache.open(surroundings).latest(kind, origin.name()).text());
    surroundings.out().flush();
    return 0;
  }

  private static final class HalfConverter implements ITypeConverter<Half> {
    @Override
    public Half convert(String text) {
      return switch (text) {
        case "public" -> Half.PUBLIC;
        case "secret" -> Half.SECRET;
        case String other ->
            throw new TypeConversionException(
                "Failed to parse key type: %s; expected public or secret".formatted(other));
      };
    }
  }

  private static final class HalfNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("public", "secret").iterator();
    }
  }
}
