package dev.monarch.cli.ring;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Says;
import dev.monarch.cli.Surroundings;
import dev.monarch.crypto.KeyException;
import dev.monarch.crypto.RingKey;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hab ring key import}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Reads a ring's key from standard input and stores it in the key cache.")
public final class KeyImportCommand implements Callable<Integer> {
  /** A key has some 100 bytes; who pipes in a disk image is told so before all of it is read. */
  private static final int INPUT_BYTES_MAX = 64 * 1024;

  private final Surroundings surroundings;

  @Mixin private KeyCacheOption cache = new KeyCacheOption();

  public KeyImportCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Says.begin(surroundings, "Importing ring key from standard input");
    try {
      byte[] input = surroundings.in().readNBytes(INPUT_BYTES_MAX + 1);
      if (input.length > INPUT_BYTES_MAX) {
        throw new CommandFailed(
            "Standard input holds more than %d bytes, which is no ring key; pipe in what 'hab ring key export' printed"
                .formatted(INPUT_BYTES_MAX));
      }
      RingKey key = RingKey.parse(new String(input, UTF_8).strip());
      cache.open(surroundings).write(key);
      Says.end(surroundings, "Imported ring key " + key.name() + ".");
      return 0;
    } catch (KeyException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new CommandFailed("Cannot read the key from standard input: " + e.getMessage());
    }
  }
}
