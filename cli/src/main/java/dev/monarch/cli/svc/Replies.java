package dev.monarch.cli.svc;

import dev.monarch.cli.Says;
import dev.monarch.cli.Surroundings;
import dev.monarch.cli.ctl.ConsoleText;
import dev.monarch.cli.ctl.ControlClient;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlReply.NetProgress;
import dev.monarch.wire.control.ControlReply.ServiceCfg;
import dev.monarch.wire.control.ControlReply.ServiceStatus;
import java.io.PrintStream;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Shows what a Supervisor says to a command that changes something: its text as it comes, progress
 * on a terminal only, and a refusal on standard error.
 */
final class Replies implements Consumer<ControlReply> {
  private static final int HUNDRED = 100;
  private static final String START_OF_CLEARED_LINE = "\r\u001b[K";
  private final Surroundings surroundings;
  private final PrintStream out;
  private final ConsoleText text;
  private boolean showsProgress;
  private OptionalInt exit = OptionalInt.empty();

  Replies(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.out = surroundings.out();
    this.text = new ConsoleText(surroundings);
  }

  /** The exit code, once all was said; empty if the Supervisor never said how it ended. */
  OptionalInt exit() {
    return exit;
  }

  @Override
  public void accept(ControlReply reply) {
    switch (reply) {
      case ConsoleLine line -> print(line);
      case NetProgress progress -> show(progress);
      case NetErr refusal -> {
        clearProgress();
        exit = OptionalInt.of(Says.failure(surroundings, ControlClient.text(refusal)));
      }
      // What a command that changes something does not ask for, a Supervisor may say all the same.
      case NetOk _, ServiceStatus _, ServiceCfg _ -> {
        clearProgress();
        exit = OptionalInt.of(0);
      }
    }
  }

  private void print(ConsoleLine line) {
    clearProgress();
    text.accept(line);
  }

  private void show(NetProgress progress) {
    if (surroundings.shown() && !surroundings.isDumb() && progress.total() > 0) {
      long percent =
          Math.clamp(
              (long) (HUNDRED * (double) progress.position() / progress.total()), 0, HUNDRED);
      out.printf("%s  %d %% of %d kB", START_OF_CLEARED_LINE, percent, progress.total() / 1000);
      out.flush();
      showsProgress = true;
    }
  }

  private void clearProgress() {
    if (showsProgress) {
      showsProgress = false;
      out.print(START_OF_CLEARED_LINE);
    }
  }
}
