package dev.monarch.cli.key;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Says;
import dev.monarch.cli.Surroundings;
import dev.monarch.cli.ctl.CommandSettings;
import dev.monarch.crypto.KeyException;
import dev.monarch.crypto.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code hab origin key generate}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Makes a new pair of keys for an origin and stores it in the key cache.",
    description = {
      "The secret key, NAME-REVISION.sig.key, signs the packages of the origin.",
      "The public key, NAME-REVISION.pub, proves to everybody who installs one where it is from."
    })
public final class OriginKeyGenerateCommand implements Callable<Integer> {
  private static final String VARIABLE = "HAB_ORIGIN";

  private final Surroundings surroundings;

  @Parameters(
      arity = "0..1",
      paramLabel = "ORIGIN",
      converter = Origin.Converter.class,
      description = {
        "The name of the origin.",
        "[env: " + VARIABLE + "] [default: origin of cli.toml]"
      })
  private Optional<Origin> origin = Optional.empty();

  @Mixin private KeyCacheOption cache = new KeyCacheOption();

  public OriginKeyGenerateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws KeyException {
    Origin whose = origin.orElseGet(this::settled);
    Says.begin(surroundings, "Generating origin key for " + whose);
    var pair = KeyPair.forSigning(whose.name(), Instant.now(), new SecureRandom());
    cache.open(surroundings).write(pair);
    Says.end(surroundings, "Generated origin key pair " + pair.name() + ".");
    return 0;
  }

  /** What this user has settled for all commands. */
  private Origin settled() {
    String name =
        surroundings
            .variable(VARIABLE)
            .or(() -> CommandSettings.read(surroundings).text("origin"))
            .orElseThrow(
                () ->
                    new CommandFailed(
                        "No origin specified; please name one, set "
                            + VARIABLE
                            + ", or put origin into cli.toml"));
    try {
      return new Origin(name);
    } catch (IllegalArgumentException refused) {
      throw new CommandFailed(String.valueOf(refused.getMessage()));
    }
  }
}
