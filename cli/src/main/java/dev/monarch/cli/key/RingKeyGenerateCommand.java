package dev.monarch.cli.key;

import dev.monarch.cli.Says;
import dev.monarch.cli.Surroundings;
import dev.monarch.crypto.KeyException;
import dev.monarch.crypto.RingKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code hab ring key generate}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Makes a new key for a ring and stores it in the key cache.",
    description = "All members of a ring need the same revision of its key.")
public final class RingKeyGenerateCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(paramLabel = "RING", converter = KeyName.class, description = "The name of the ring.")
  private String ring = "";

  @Mixin private KeyCacheOption cache = new KeyCacheOption();

  public RingKeyGenerateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws KeyException {
    Says.begin(surroundings, "Generating ring key for " + ring);
    RingKey key = RingKey.generate(ring, Instant.now(), new SecureRandom());
    cache.open(surroundings).write(key);
    Says.end(surroundings, "Generated ring key " + key.name() + ".");
    return 0;
  }
}
