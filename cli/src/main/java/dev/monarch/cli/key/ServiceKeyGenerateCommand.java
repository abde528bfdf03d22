package dev.monarch.cli.key;

import dev.monarch.cli.Says;
import dev.monarch.cli.Surroundings;
import dev.monarch.crypto.KeyException;
import dev.monarch.crypto.KeyPair;
import dev.monarch.wire.ServiceGroup;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code hab svc key generate}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Makes a new pair of keys for a service group and stores it in the key cache.",
    description = {
      "The public key, NAME-REVISION.pub, seals configuration and files for the group: copy it into"
          + " the key cache of whoever applies them.",
      "The secret key, NAME-REVISION.box.key, opens them: copy it into the key cache of every"
          + " Supervisor that runs the service, and nowhere else."
    })
public final class ServiceKeyGenerateCommand implements Callable<Integer> {
  private static final String ORGANIZATION_VARIABLE = "HABITAT_ORG";

  private final Surroundings surroundings;

  @Parameters(
      index = "0",
      paramLabel = "SERVICE_GROUP",
      converter = GroupWithoutOrganization.class,
      description = "The service group, as SERVICE.GROUP, such as redis.default.")
  @SuppressWarnings("NullAway.Init") // set by the parser
  private ServiceGroup group;

  @Parameters(
      index = "1",
      paramLabel = "ORG",
      converter = KeyName.class,
      description = {
        "The organization the group belongs to.",
        "[env: " + ORGANIZATION_VARIABLE + "]"
      })
  private String organization = "";

  @Mixin private KeyCacheOption cache = new KeyCacheOption();

  private ServiceKeyGenerateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** The command, with the environment's word for what is not given. */
  public static CommandLine commandLine(Surroundings surroundings) {
    return new CommandLine(new ServiceKeyGenerateCommand(surroundings))
        .setDefaultValueProvider(
            argument ->
                argument.paramLabel().equals("ORG")
                    ? surroundings.variable(ORGANIZATION_VARIABLE).orElse(null)
                    : null);
  }

  @Override
  public Integer call() throws KeyException {
    Says.begin(surroundings, "Generating service key for %s in %s".formatted(group, organization));
    var pair = KeyPair.forBoxes(group + "@" + organization, Instant.now(), new SecureRandom());
    cache.open(surroundings).write(pair);
    Says.end(surroundings, "Generated service key pair " + pair.name() + ".");
    return 0;
  }

  /** The original takes an organization here too, and adds the second argument behind it. */
  private static final class GroupWithoutOrganization implements ITypeConverter<ServiceGroup> {
    @Override
    public ServiceGroup convert(String text) {
      ServiceGroup group =
          ServiceGroup.parse(text)
              .orElseThrow(
                  () ->
                      new TypeConversionException(
                          "Invalid service group: %s. Expected SERVICE.GROUP, such as redis.default"
                              .formatted(text)));
      if (group.organization().isPresent()) {
        throw new TypeConversionException(
            "Invalid service group: %s. Expected SERVICE.GROUP; the organization is the next argument"
                .formatted(text));
      }
      return group;
    }
  }
}
