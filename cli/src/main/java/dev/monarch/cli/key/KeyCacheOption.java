package dev.monarch.cli.key;

import dev.monarch.cli.Surroundings;
import dev.monarch.crypto.KeyCache;
import dev.monarch.supervisor.config.Layout;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a command finds and stores keys. */
public final class KeyCacheOption {
  @Option(
      names = "--cache-key-path",
      paramLabel = "CACHE_KEY_PATH",
      description = {
        "The directory keys are kept in.",
        "[env: HAB_CACHE_KEY_PATH]",
        "[default: /hab/cache/keys for root, else ~/.hab/cache/keys]"
      })
  private Optional<Path> directory = Optional.empty();

  /** The cache. Its directory need not exist. */
  public KeyCache open(Surroundings surroundings) {
    return new KeyCache(
        directory
            .or(() -> surroundings.variable(KeyCache.DIRECTORY_VARIABLE).map(Path::of))
            .orElseGet(() -> Layout.of(surroundings.env()).keyCache()),
        warning -> surroundings.err().println("∅ " + warning));
  }
}
