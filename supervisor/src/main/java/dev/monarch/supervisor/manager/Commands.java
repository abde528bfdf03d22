package dev.monarch.supervisor.manager;

import dev.monarch.butterfly.View;
import dev.monarch.butterfly.election.Explanation;
import dev.monarch.supervisor.ctl.ControlCommands;
import dev.monarch.supervisor.service.Line;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlRequest;
import dev.monarch.wire.control.ControlRequest.ConfigurationRequest;
import dev.monarch.wire.control.ControlRequest.ServiceRequest;
import dev.monarch.wire.control.ControlRequest.SupDepart;
import dev.monarch.wire.control.ControlRequest.SupRestart;
import dev.monarch.wire.control.ControlRequest.SvcStepDown;
import dev.monarch.wire.control.ErrorCode;
import java.util.Optional;
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
  public ControlReply.Last handle(ControlRequest request, Client client)
      throws InterruptedException {
    return switch (request) {
      case ServiceRequest service -> services.handle(service, client);
      case ConfigurationRequest configuration -> configurations.handle(configuration, client);
      case SupDepart(String memberId) -> {
        console.accept(
            new Line(Line.SUPERVISOR, "CMD", "Attempting to depart member: " + memberId));
        ring.depart(memberId);
        yield new NetOk();
      }
      // What it asks for would cut off its answer, and comes behind it.
      case SupRestart() -> new NetOk();
      case SvcStepDown(ServiceGroup group) -> stepDown(group);
    };
  }

  /** Only who leads can hand over; who asks somebody else is told whom to ask. */
  private ControlReply.Last stepDown(ServiceGroup group) {
    View view = ring.view();
    Explanation now = Explanation.of(view, group);
    String self = view.self().id();
    if (!now.leaderId().equals(Optional.of(self))) {
      return new NetErr(
          ErrorCode.CONFLICT,
          "expected %s to lead %s, found: %s%s"
              .formatted(
                  self,
                  group.text(),
                  now.text(),
                  now.leaderId().map(leader -> whereabouts(view, leader)).orElse("")));
    }
    if (now.members().stream().noneMatch(one -> one.isAlive() && !one.memberId().equals(self))) {
      return new NetErr(
          ErrorCode.CONFLICT,
          "expected another member of %s that is alive, to take over; found none"
              .formatted(group.text()));
    }
    console.accept(new Line(group.text(), "CMD", "Handing over the lead"));
    ring.stepDown(group);
    return new NetOk();
  }

  private static String whereabouts(View view, String leader) {
    return view.state().members().stream()
        .filter(known -> known.member().id().equals(leader))
        .map(
            known ->
                "; ask its Supervisor at %s with --remote-sup".formatted(known.member().address()))
        .findFirst()
        .orElse("");
  }

  @Override
  public void answered(ControlRequest request, ControlReply.Last reply) {
    if (request instanceof SupRestart) {
      restart.run();
    }
  }
}
