package dev.monarch.cli.key;

import dev.monarch.cli.Surroundings;
import dev.monarch.crypto.KeyException;
import dev.monarch.crypto.KeyKind;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code hab ring key export}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Prints the newest key of a ring.",
    description = "The text is what 'hab ring key import' reads, without a line end after it.")
public final class RingKeyExportCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(paramLabel = "RING", description = "The name of the ring.")
  private String ring = "";

  @Mixin private KeyCacheOption cache = new KeyCacheOption();

  public RingKeyExportCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws KeyException {
    surroundings.out().print(cache.open(surroundings).latest(KeyKind.RING, ring).text());
    surroundings.out().flush();
    return 0;
  }
}
