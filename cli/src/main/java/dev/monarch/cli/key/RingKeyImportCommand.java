package dev.monarch.cli.key;

import dev.monarch.cli.Says;
import dev.monarch.cli.Surroundings;
import dev.monarch.crypto.KeyException;
import dev.monarch.crypto.RingKey;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hab ring key import}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Reads a ring's key from standard input and stores it in the key cache.")
public final class RingKeyImportCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin private KeyCacheOption cache = new KeyCacheOption();

  public RingKeyImportCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws KeyException {
    Says.begin(surroundings, "Importing ring key from standard input");
    RingKey key = RingKey.parse(KeyInput.read(surroundings, "ring key", "hab ring key export"));
    cache.open(surroundings).write(key);
    Says.end(surroundings, "Imported ring key " + key.name() + ".");
    return 0;
  }
}
