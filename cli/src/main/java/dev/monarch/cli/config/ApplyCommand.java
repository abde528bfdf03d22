package dev.monarch.cli.config;

import dev.monarch.cli.Says;
import dev.monarch.cli.Says.Step;
import dev.monarch.cli.Surroundings;
import dev.monarch.cli.config.Seal.Sealed;
import dev.monarch.cli.ctl.ConsoleText;
import dev.monarch.cli.ctl.ControlClient;
import dev.monarch.cli.ctl.GatewayAccess;
import dev.monarch.cli.ctl.Verdict;
import dev.monarch.crypto.KeyException;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import dev.monarch.wire.control.ControlRequest.SvcSetCfg;
import dev.monarch.wire.control.ControlRequest.SvcValidateCfg;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code hab config apply}: asks whether it is a configuration, then tells it to the ring
 * (control.md 11.7). The original's questions, texts and order. Ours is to wait for the members.
 */
@Command(
    mixinStandardHelpOptions = true,
    header = "Changes the configuration of a running service group.",
    description = {
      "Any Supervisor of the ring takes the configuration and passes it on: every member of the"
          + " group puts it over its package's default, also one that comes later. What it does not"
          + " name keeps its default, whatever an earlier version said. At most "
          + Payload.BYTES_MAX
          + " bytes of TOML; sealed with --user, some 49,000. A Supervisor that runs the group"
          + " warns of keys that the package's defaults do not know, and applies them all the same."
    })
public final class ApplyCommand implements Callable<Integer> {
  private static final String DONE = "Applied configuration";

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

  @Mixin private Seal seal = new Seal();
  @Mixin private WaitOption wait = new WaitOption();
  @Mixin private GatewayAccess gateway = new GatewayAccess();

  public ApplyCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws KeyException {
    ControlClient supervisor = gateway.open(spec, surroundings);
    OptionalLong seconds = wait.seconds(spec);
    Bytes configuration = Payload.configuration(file, surroundings);
    Optional<Sealed> sealed = seal.close(configuration, target.group(), surroundings);
    sealed.ifPresent(
        closed ->
            step(
                Step.ENCRYPTING,
                "Encrypting config (user rev = %s, service rev = %s)"
                    .formatted(closed.user(), closed.service())));
    if (!wait.isJson()) {
      Says.begin(
          surroundings,
          "Setting new configuration version %s for %s"
              .formatted(Long.toUnsignedString(target.version()), target.group()));
    }
    step(Step.CREATING, "service configuration");
    var text = new ConsoleText(surroundings);
    Verdict valid =
        Verdict.of(supervisor, new SvcValidateCfg(Optional.of(target.group()), configuration), text)
            .despiteDoubts(surroundings);
    if (valid instanceof Verdict.Refused refused) {
      return Says.failure(surroundings, refused.text());
    }
    step(Step.APPLYING, "applying...");
    return set(
        supervisor,
        new SvcSetCfg(
            target.group(),
            sealed.map(Sealed::text).orElse(configuration),
            target.version(),
            sealed.isPresent(),
            true,
            seconds));
  }

  private int set(ControlClient supervisor, SvcSetCfg request) {
    if (request.waitSeconds().isEmpty()) {
      return Verdict.of(supervisor, request, new ConsoleText(surroundings))
          .conclude(supervisor, DONE, surroundings);
    }
    surroundings
        .err()
        .printf(
            "Waiting up to %d s for the members of %s%n",
            request.waitSeconds().getAsLong(), target.group());
    var members = new MemberLines();
    Consumer<ConsoleLine> shown = wait.isJson() ? members : new ConsoleText(surroundings);
    var heard = new AtomicBoolean();
    Verdict verdict =
        Verdict.of(
            supervisor,
            request,
            line -> {
              heard.set(true);
              shown.accept(line);
            });
    if (!heard.get() && verdict instanceof Verdict.Granted) {
      Says.warn(
          surroundings,
          "the Supervisor at %s does not tell who has applied it; ask a Monarch Supervisor"
              .formatted(supervisor));
    }
    if (!wait.isJson()) {
      return verdict.conclude(supervisor, DONE, surroundings);
    }
    members.remarks().forEach(surroundings.err()::println);
    surroundings.out().println(members.json());
    return verdict.conclude(supervisor, surroundings);
  }

  private void step(Step step, String text) {
    if (!wait.isJson()) {
      Says.step(surroundings, step, text);
    }
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
