package dev.monarch.cli.svc;

import dev.monarch.cli.Says;
import dev.monarch.cli.Surroundings;
import dev.monarch.wire.control.ControlRequest;

/** What all commands have in common that change something and then tell how it went. */
final class ChangeCommand {
  private ChangeCommand() {}

  /** Sends the request, shows every reply, and returns the exit code. */
  static int run(ControlClient client, ControlRequest request, Surroundings surroundings) {
    var replies = new Replies(surroundings);
    try {
      client.ask(request, replies);
    } catch (SupervisorUnreachable nobody) {
      return Says.failure(surroundings, nobody.text());
    }
    return replies.exit().orElseGet(() -> unanswered(client, surroundings));
  }

  /**
   * An original that shuts down ends the connection without a word, and its command takes that for
   * success (control.md 11.4).
   */
  private static int unanswered(ControlClient client, Surroundings surroundings) {
    surroundings
        .err()
        .println(
            "warning: the Supervisor at "
                + client
                + " did not say how it ended; look at its output");
    return 0;
  }
}
