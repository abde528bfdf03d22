package dev.monarch.cli.key;

import dev.monarch.cli.Says;
import dev.monarch.cli.Surroundings;
import dev.monarch.crypto.KeyException;
import dev.monarch.crypto.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code hab user key generate}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Makes a new pair of keys for a user and stores it in the key cache.",
    description = {
      "The secret key, NAME-REVISION.box.key, seals configuration and files for a service group and"
          + " stays with the user.",
      "The public key, NAME-REVISION.pub, opens them: copy it into the key cache of every"
          + " Supervisor that runs the service."
    })
public final class UserKeyGenerateCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(paramLabel = "USER", converter = KeyName.class, description = "The user's name.")
  private String user = "";

  @Mixin private KeyCacheOption cache = new KeyCacheOption();

  public UserKeyGenerateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws KeyException {
    Says.begin(surroundings, "Generating user key for " + user);
    var pair = KeyPair.forBoxes(user, Instant.now(), new SecureRandom());
    cache.open(surroundings).write(pair);
    Says.end(surroundings, "Generated user encryption key pair " + pair.name() + ".");
    return 0;
  }
}
