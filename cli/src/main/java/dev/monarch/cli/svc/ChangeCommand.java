package dev.monarch.cli.svc;

import dev.monarch.cli.Says;
import dev.monarch.cli.Surroundings;
import dev.monarch.cli.ctl.ControlClient;
import dev.monarch.cli.ctl.SupervisorUnreachable;
import dev.monarch.cli.ctl.Verdict;
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

  private static int unanswered(ControlClient client, Surroundings surroundings) {
    Says.warn(surroundings, Verdict.Silent.text(client));
    return 0;
  }
}
