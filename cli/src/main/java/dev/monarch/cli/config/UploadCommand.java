package dev.monarch.cli.config;

import dev.monarch.cli.CommandFailed;
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
import dev.monarch.wire.control.ControlRequest.SvcFilePut;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hab file upload}. */
@Command(
    mixinStandardHelpOptions = true,
    header = "Gives a file to all members of a service group.",
    description = {
      "Any Supervisor of the ring takes it and passes it on, also to members that come later. It is"
          + " stored as files/NAME in the directory of the service, and the hook file-updated is"
          + " run there. At most "
          + Payload.BYTES_MAX
          + " bytes; sealed with --user, some 49,000."
    })
public final class UploadCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by the parser
  private CommandSpec spec;

  @Mixin private TargetArguments target = new TargetArguments();

  @Parameters(
      index = "2",
      paramLabel = "FILE",
      description = "The file; members store it under its name.")
  @SuppressWarnings("NullAway.Init") // set by the parser
  private Path file;

  @Mixin private Seal seal = new Seal();
  @Mixin private GatewayAccess gateway = new GatewayAccess();

  public UploadCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws KeyException {
    ControlClient supervisor = gateway.open(spec, surroundings);
    Bytes content = Payload.upload(file);
    Says.begin(
        surroundings,
        "Uploading file %s to %s incarnation %s"
            .formatted(file, Long.toUnsignedString(target.version()), target.group()));
    Says.step(surroundings, Step.CREATING, "service file");
    Optional<Sealed> sealed = seal.close(content, target.group(), surroundings);
    sealed.ifPresent(
        closed ->
            Says.step(
                surroundings,
                Step.ENCRYPTING,
                "file as %s for %s".formatted(closed.user(), closed.service())));
    SvcFilePut put = request(sealed.map(Sealed::text).orElse(content), sealed.isPresent());
    Says.step(surroundings, Step.APPLYING, "via peer " + supervisor);
    return Verdict.of(supervisor, put, new ConsoleText(surroundings))
        .despiteDoubts(surroundings)
        .conclude(supervisor, "Uploaded file", surroundings);
  }

  private SvcFilePut request(Bytes content, boolean encrypted) {
    try {
      return new SvcFilePut(
          target.group(),
          content,
          String.valueOf(file.getFileName()),
          target.version(),
          encrypted,
          true);
    } catch (IllegalArgumentException name) {
      throw new CommandFailed(String.valueOf(name.getMessage()));
    }
  }
}
