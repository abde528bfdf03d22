package dev.monarch.supervisor.manager;

import dev.monarch.supervisor.ctl.ControlCommands;
import dev.monarch.supervisor.service.Line;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlRequest;
import dev.monarch.wire.control.ControlRequest.ConfigurationRequest;
import dev.monarch.wire.control.ControlRequest.ServiceRequest;
import dev.monarch.wire.control.ControlRequest.SupDepart;
import dev.monarch.wire.control.ControlRequest.SupRestart;
import java.util.function.Consumer;

/** Hands every command to whom it concerns. */
final class Commands implements ControlCommands {
  private final ServiceCommands services;
  private final ConfigurationCommands configurations;
  private final Manager.RingDoor ring;
  private final Runnable restart;
  private final Consumer<Line> console;

  /**
   * @param restart lets the Supervisor begin anew, and returns at once
   */
  Commands(
      ServiceCommands services,
      ConfigurationCommands configurations,
      Manager.RingDoor ring,
      Runnable restart,
      Consumer<Line> console) {
    this.services = services;
    this.configurations = configurations;
    this.ring = ring;
    this.restart = restart;
    this.console = console;
  }

  @Override
  public ControlReply.Last handle(ControlRequest request, Consumer<ControlReply.Partial> partial)
      throws InterruptedException {
    return switch (request) {
      case ServiceRequest service -> services.handle(service, partial);
      case ConfigurationRequest configuration -> configurations.handle(configuration, partial);
      case SupDepart(String memberId) -> {
        console.accept(
            new Line(Line.SUPERVISOR, "CMD", "Attempting to depart member: " + memberId));
        ring.depart(memberId);
        yield new NetOk();
      }
      // What it asks for would cut off its answer, and comes behind it.
      case SupRestart() -> new NetOk();
    };
  }

  @Override
  public void answered(ControlRequest request, ControlReply.Last reply) {
    if (request instanceof SupRestart) {
      restart.run();
    }
  }
}
