package dev.monarch.cli.config;

import dev.monarch.cli.Says;
import dev.monarch.cli.Says.Step;
import dev.monarch.cli.Surroundings;
import dev.monarch.cli.ctl.ControlClient;
import dev.monarch.cli.ctl.GatewayAccess;
import dev.monarch.cli.ctl.Verdict;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.control.ControlRequest.SvcSetCfg;
import dev.monarch.wire.control.ControlRequest.SvcValidateCfg;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code hab config apply}: asks whether it is a configuration, then tells it to the ring
 * (control.md 11.7). The original's questions, texts and order.
 */
@Command(
    mixinStandardHelpOptions = true,
    header = "Changes the configuration of a running service group.",
    description = {
      "Any Supervisor of the ring takes the configuration and passes it on: every member of the"
          + " group puts it over its package's default, also one that comes later. What it does not"
          + " name keeps its default, whatever an earlier version said. At most "
          + Payload.BYTES_MAX
          + " bytes of TOML."
    })
public final class ApplyCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by the parser
  private CommandSpec spec;

  @Mixin private TargetArguments target = new TargetArguments();

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "FILE",
      converter = FileConverter.class,
      description = "The configuration in TOML. [default: -, which is standard input]")
  private String file = Payload.STANDARD_INPUT;

  @Mixin private GatewayAccess gateway = new GatewayAccess();

  public ApplyCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    ControlClient supervisor = gateway.open(spec, surroundings);
    Bytes configuration = Payload.configuration(file, surroundings);
    Says.begin(
        surroundings,
        "Setting new configuration version %s for %s"
            .formatted(Long.toUnsignedString(target.version()), target.group()));
    Says.step(surroundings, Step.CREATING, "service configuration");
    Verdict valid =
        Verdict.of(
                supervisor,
                new SvcValidateCfg(Optional.of(target.group()), configuration),
                surroundings.out()::println)
            .despiteDoubts(surroundings);
    if (valid instanceof Verdict.Refused) {
      return valid.conclude(supervisor, "", surroundings);
    }
    Says.step(surroundings, Step.APPLYING, "applying...");
    var set = new SvcSetCfg(target.group(), configuration, target.version(), false);
    return Verdict.of(supervisor, set, surroundings.out()::println)
        .conclude(supervisor, "Applied configuration", surroundings);
  }

  /** The complaint is the original's. */
  private static final class FileConverter implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      Path path = Path.of(text);
      if (!text.equals(Payload.STANDARD_INPUT)
          && (!Files.exists(path) || Files.isDirectory(path))) {
        throw new TypeConversionException("is not a valid file or stdin");
      }
      return text;
    }
  }
}
