package dev.monarch.cli.key;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Says;
import dev.monarch.cli.Surroundings;
import dev.monarch.crypto.Key;
import dev.monarch.crypto.KeyException;
import dev.monarch.crypto.KeyKind;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hab origin key import}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Reads a key of an origin from standard input and stores it in the key cache.",
    description = "Its first line tells whether it is the public or the secret one.")
public final class OriginKeyImportCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin private KeyCacheOption cache = new KeyCacheOption();

  public OriginKeyImportCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws KeyException {
    Says.begin(surroundings, "Importing origin key from standard input");
    String text = KeyInput.read(surroundings, "origin key", "hab origin key export");
    boolean secret = KeyKind.ofText(text).equals(Optional.of(KeyKind.SIGNING_SECRET));
    Key key = read(secret ? KeyKind.SIGNING_SECRET : KeyKind.SIGNING_PUBLIC, text);
    cache.open(surroundings).write(key);
    // The original puts no full stop here.
    Says.end(
        surroundings,
        "Imported %s origin key %s".formatted(secret ? "secret" : "public", key.name()));
    return 0;
  }

  private static Key read(KeyKind<?> kind, String text) {
    try {
      return kind.parse(text);
    } catch (KeyException wrong) {
      throw new CommandFailed(
          "Crypto error: Could not parse content as an public or secret origin signing key! "
              + wrong.getMessage());
    }
  }
}
