package dev.monarch.supervisor.manager;

import dev.monarch.packages.PackageIdent;
import dev.monarch.supervisor.http.ServiceSnapshot;
import dev.monarch.supervisor.service.ServiceStatus;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.DesiredState;
import dev.monarch.wire.control.Ident;
import dev.monarch.wire.control.ProcessState;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Loaded services as {@code hab svc status} is told of them (control.md 7.5). */
final class Statuses {
  private Statuses() {}

  /**
   * A service whose package was never there has its spec's ident, which may have less than four
   * parts; a command shows what it is given.
   *
   * @param nowNanos on the clock of the service's status
   */
  static ControlReply.ServiceStatus of(ServiceSnapshot shown, long nowNanos) {
    ServiceStatus status = shown.status();
    long elapsed =
        Math.max(0, TimeUnit.NANOSECONDS.toSeconds(nowNanos - status.processSinceNanos()));
    Optional<Integer> pid = status.process();
    return new ControlReply.ServiceStatus(
        ident(shown),
        new ControlReply.ServiceProcess(
            OptionalLong.of(elapsed),
            pid.isPresent() ? OptionalInt.of(pid.get()) : OptionalInt.empty(),
            pid.isPresent() ? ProcessState.UP : ProcessState.DOWN),
        shown.group(),
        Optional.of(status.desiredUp() ? DesiredState.UP : DesiredState.DOWN));
  }

  /** The ident of the package in use, as far as there is one. */
  static Ident ident(ServiceSnapshot shown) {
    PackageIdent ident =
        shown.prepared().map(ready -> ready.installed().ident()).orElse(shown.spec().ident());
    return new Ident(ident.origin(), ident.name(), ident.version(), ident.release());
  }
}
