package dev.monarch.cli.ctl;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Says;
import dev.monarch.cli.Surroundings;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlReply.NetProgress;
import dev.monarch.wire.control.ControlReply.ServiceCfg;
import dev.monarch.wire.control.ControlReply.ServiceStatus;
import dev.monarch.wire.control.ControlRequest;
import dev.monarch.wire.control.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** How a Supervisor answered a question that knows no other answers than yes and no. */
public sealed interface Verdict {
  /** It does it. */
  record Granted() implements Verdict {}

  /** It does not. */
  record Refused(NetErr refusal) implements Verdict {
    /** The original's form. */
    public String text() {
      return ControlClient.text(refusal);
    }
  }

  /** It hung up without a word, as one that ends or is about to restart does. */
  record Silent() implements Verdict {
    /** What to make of that; the original takes it for success (control.md 11.4). */
    public static String text(ControlClient supervisor) {
      return "the Supervisor at %s did not say how it ended; look at its output"
          .formatted(supervisor);
    }
  }

  /** Doubts about the payload are a warning and no refusal (control.md 8). */
  default Verdict despiteDoubts(Surroundings surroundings) {
    if (this instanceof Refused refused && refused.refusal().code() == ErrorCode.INVALID_PAYLOAD) {
      Says.warn(surroundings, refused.text());
      return new Granted();
    }
    return this;
  }

  /**
   * Tells how it ended, and returns the exit code.
   *
   * @param done what is said of success
   */
  default int conclude(ControlClient supervisor, String done, Surroundings surroundings) {
    if (this instanceof Granted) {
      Says.end(surroundings, done);
    }
    return conclude(supervisor, surroundings);
  }

  /** The same, and success is not spoken of. */
  default int conclude(ControlClient supervisor, Surroundings surroundings) {
    return switch (this) {
      case Granted _ -> 0;
      case Refused refused -> Says.failure(surroundings, refused.text());
      case Silent _ -> {
        Says.warn(surroundings, Silent.text(supervisor));
        yield 0;
      }
    };
  }

  /**
   * Asks.
   *
   * @param text takes what it says before the answer
   * @throws CommandFailed if there is no Supervisor, or it answers something else
   */
  static Verdict of(ControlClient supervisor, ControlRequest request, Consumer<ConsoleLine> text) {
    List<Verdict> said = new ArrayList<>();
    try {
      supervisor.ask(request, reply -> hear(supervisor, reply, text, said));
    } catch (SupervisorUnreachable nobody) {
      throw new CommandFailed(nobody.text());
    }
    return said.isEmpty() ? new Silent() : said.getLast();
  }

  private static void hear(
      ControlClient supervisor,
      ControlReply reply,
      Consumer<ConsoleLine> text,
      List<Verdict> said) {
    switch (reply) {
      case NetOk _ -> said.add(new Granted());
      case NetErr refusal -> said.add(new Refused(refusal));
      case ConsoleLine line -> text.accept(line);
      case NetProgress _, ServiceCfg _, ServiceStatus _ ->
          throw new CommandFailed(
              "Unexpected reply: expected yes or no from the Supervisor at %s, found %s; use a command of the same version as the Supervisor"
                  .formatted(supervisor, reply.getClass().getSimpleName()));
    }
  }
}
