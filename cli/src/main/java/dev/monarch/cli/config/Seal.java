package dev.monarch.cli.config;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Surroundings;
import dev.monarch.cli.key.KeyCacheOption;
import dev.monarch.crypto.Box;
import dev.monarch.crypto.BoxPublicKey;
import dev.monarch.crypto.BoxSecretKey;
import dev.monarch.crypto.Key;
import dev.monarch.crypto.KeyCache;
import dev.monarch.crypto.KeyException;
import dev.monarch.crypto.KeyKind;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.ServiceGroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Seals what is told to a service group, if a user is named, so that only who has the group's
 * secret key can read it (control.md 10).
 *
 * <p>One rule for configuration and files: who names a user seals, whether or not the group has an
 * organization. The original uploads a file in clear, without a word, to a group without one. Keys
 * are looked for in the key cache, and then where the original's "config apply" makes root put them
 * by mistake, below it.
 */
final class Seal {
  /** The original appends the path of its cache to the cache itself. */
  private static final String ORIGINALS_MISTAKE = "hab/cache/keys";

  @Option(
      names = {"-u", "--user"},
      paramLabel = "USER",
      description = {
        "Seal it as this user, so that only the members of the service group can read it.",
        "Needs the user's secret key, and the public key of the service group."
      })
  private Optional<String> user = Optional.empty();

  @Mixin private KeyCacheOption cache = new KeyCacheOption();

  /**
   * Something sealed.
   *
   * @param user the name and revision of the user's key
   * @param service those of the group's
   */
  record Sealed(Bytes text, String user, String service) {}

  /** Empty if no user is named. */
  Optional<Sealed> close(Bytes plain, ServiceGroup group, Surroundings surroundings)
      throws KeyException {
    return user.isEmpty()
        ? Optional.empty()
        : Optional.of(close(user.get(), plain, group, cache.open(surroundings)));
  }

  private static Sealed close(String user, Bytes plain, ServiceGroup group, KeyCache cache)
      throws KeyException {
    BoxSecretKey sender = latest(cache, KeyKind.BOX_SECRET, user);
    BoxPublicKey receiver = latest(cache, KeyKind.BOX_PUBLIC, group.text());
    int most = Box.messageBytesMax(sender.name(), receiver.name(), Payload.BYTES_MAX);
    if (plain.size() > most) {
      throw new CommandFailed(
          "expected at most %d bytes to seal as %s for %s, found %d; the sealed text would be larger than %d bytes, shorten it"
              .formatted(most, sender.name(), receiver.name(), plain.size(), Payload.BYTES_MAX));
    }
    Box box = Box.seal(plain.toArray(), sender, receiver);
    return new Sealed(Bytes.of(box.text()), sender.name().toString(), receiver.name().toString());
  }

  private static <K extends Key> K latest(KeyCache cache, KeyKind<K> kind, String name)
      throws KeyException {
    Path below = cache.directory().resolve(ORIGINALS_MISTAKE);
    try {
      return cache.latest(kind, name);
    } catch (KeyException missing) {
      if (!Files.isDirectory(below)) {
        throw missing;
      }
      try {
        return new KeyCache(below).latest(kind, name);
      } catch (KeyException alsoMissing) {
        throw missing;
      }
    }
  }
}
