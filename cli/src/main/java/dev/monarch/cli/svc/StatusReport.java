package dev.monarch.cli.svc;

import dev.monarch.cli.CommandFailed;
import dev.monarch.cli.Says;
import dev.monarch.cli.Surroundings;
import dev.monarch.cli.ctl.ControlClient;
import dev.monarch.cli.ctl.SupervisorUnreachable;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlReply.ServiceStatus;
import dev.monarch.wire.control.ControlRequest.SvcStatus;
import dev.monarch.wire.control.ErrorCode;
import dev.monarch.wire.control.Ident;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks a Supervisor for its services, and shows them. */
final class StatusReport {
  /** As the original documents them; it ends with 1 in both cases (supervisor.md 14.2, row 20). */
  private static final int EXIT_NOT_LOADED = 2;

  private static final int EXIT_NO_SUPERVISOR = 3;

  private StatusReport() {}

  /**
   * Returns the exit code.
   *
   * @param ident of one service; empty for all
   * @param json for programs
   */
  static int run(
      ControlClient supervisor, Optional<Ident> ident, boolean json, Surroundings surroundings) {
    List<ControlReply> replies = new ArrayList<>();
    try {
      supervisor.ask(new SvcStatus(ident), replies::add);
    } catch (SupervisorUnreachable nobody) {
      Says.failure(surroundings, nobody.text());
      return EXIT_NO_SUPERVISOR;
    }
    if (replies.isEmpty()) {
      throw new CommandFailed(
          "unexpected end of file: expected services from the Supervisor at %s, found the end of the connection; look at its output"
              .formatted(supervisor));
    }
    return show(replies, json, surroundings);
  }

  private static int show(List<ControlReply> replies, boolean json, Surroundings surroundings) {
    List<ServiceStatus> services = new ArrayList<>();
    for (ControlReply reply : replies) {
      switch (reply) {
        case ServiceStatus status -> services.add(status);
        case NetErr refusal -> {
          int exit = Says.failure(surroundings, ControlClient.text(refusal));
          return refusal.code() == ErrorCode.NOT_FOUND ? EXIT_NOT_LOADED : exit;
        }
        case NetOk _,
            ControlReply.ConsoleLine _,
            ControlReply.NetProgress _,
            ControlReply.ServiceCfg _ -> {}
      }
    }
    if (json) {
      surroundings.out().println(StatusTable.json(services));
    } else if (services.isEmpty()) {
      surroundings.out().println("No services loaded.");
    } else {
      StatusTable.lines(services).forEach(surroundings.out()::println);
    }
    return 0;
  }
}
