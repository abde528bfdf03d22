package dev.monarch.supervisor.manager;

import dev.monarch.packages.InstalledPackage;
import dev.monarch.packages.PackageStore;
import dev.monarch.supervisor.ctl.CommandRules;
import dev.monarch.supervisor.ctl.CommandRules.Ruling;
import dev.monarch.supervisor.spec.ServiceSpec;
import dev.monarch.supervisor.spec.SpecDirectory;
import dev.monarch.supervisor.spec.SpecException;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlRequest.ServiceRequest;
import dev.monarch.wire.control.ControlRequest.SvcLoad;
import dev.monarch.wire.control.ControlRequest.SvcStart;
import dev.monarch.wire.control.ControlRequest.SvcStatus;
import dev.monarch.wire.control.ControlRequest.SvcStop;
import dev.monarch.wire.control.ControlRequest.SvcUnload;
import dev.monarch.wire.control.ControlRequest.SvcUpdate;
import dev.monarch.wire.control.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Carries out what commands ask for: a command changes a spec on disk, and the services follow the
 * specs. So it makes no difference whether a person, a command or configuration management wrote
 * one, and a command that was answered survives whatever happens next.
 */
final class ServiceCommands {
  /** What a command does beside changing a spec. */
  interface Effects {
    /** The next stop of this service has this time-out. */
    void stopWithin(String name, Duration timeout);

    /** The specs are other ones now. */
    void specsChanged();
  }

  private final SpecDirectory specs;
  private final PackageStore store;
  private final Supplier<List<ControlReply.ServiceStatus>> statuses;
  private final Effects effects;

  /** Two commands about one service must not both start from the old spec. */
  private final ReentrantLock lock = new ReentrantLock();

  ServiceCommands(
      SpecDirectory specs,
      PackageStore store,
      Supplier<List<ControlReply.ServiceStatus>> statuses,
      Effects effects) {
    this.specs = specs;
    this.store = store;
    this.statuses = statuses;
    this.effects = effects;
  }

  ControlReply.Last handle(ServiceRequest request, Consumer<ControlReply.Partial> partial) {
    if (request instanceof SvcStatus status) {
      return CommandRules.status(status, statuses.get(), partial);
    }
    lock.lock();
    try {
      return switch (request) {
        case SvcLoad load -> load(load, partial);
        case SvcUpdate update ->
            follow(CommandRules.update(update, find(update.ident().name())), partial);
        case SvcUnload unload ->
            follow(
                CommandRules.unload(unload, find(unload.ident().name())),
                unload.timeoutSeconds(),
                partial);
        case SvcStart start ->
            follow(CommandRules.start(start, find(start.ident().name())), partial);
        case SvcStop stop ->
            follow(
                CommandRules.stop(stop, find(stop.ident().name())), stop.timeoutSeconds(), partial);
        case SvcStatus _ -> throw new AssertionError("answered above");
      };
    } catch (IOException failure) {
      return new NetErr(ErrorCode.INTERNAL, String.valueOf(failure.getMessage()));
    } finally {
      lock.unlock();
    }
  }

  private ControlReply.Last load(SvcLoad load, Consumer<ControlReply.Partial> partial)
      throws IOException {
    Ruling ruling = CommandRules.load(load, find(load.ident().name()));
    if (ruling instanceof Ruling.Write(ServiceSpec spec, ControlReply.ConsoleLine _)) {
      Optional<InstalledPackage> installed = store.find(spec.ident());
      if (installed.isEmpty()) {
        return new NetErr(
            ErrorCode.INTERNAL,
            "expected an installed package that satisfies %s, found none; install it"
                .formatted(spec.ident()));
      }
      Optional<NetErr> objection = CommandRules.objection(spec, installed.get());
      if (objection.isPresent()) {
        return objection.get();
      }
    }
    return follow(ruling, partial);
  }

  private ControlReply.Last follow(Ruling ruling, Consumer<ControlReply.Partial> partial)
      throws IOException {
    return follow(ruling, OptionalLong.empty(), partial);
  }

  /**
   * @param timeoutSeconds of the stop that may follow
   */
  private ControlReply.Last follow(
      Ruling ruling, OptionalLong timeoutSeconds, Consumer<ControlReply.Partial> partial)
      throws IOException {
    return switch (ruling) {
      case Ruling.Refuse(NetErr reply) -> reply;
      case Ruling.LeaveAsItIs() -> new NetOk();
      case Ruling.Write(ServiceSpec spec, ControlReply.ConsoleLine line) -> {
        specs.write(spec);
        within(spec.name(), timeoutSeconds);
        effects.specsChanged();
        partial.accept(line);
        yield new NetOk();
      }
      case Ruling.Delete(ServiceSpec spec, ControlReply.ConsoleLine line) -> {
        specs.delete(spec.name());
        within(spec.name(), timeoutSeconds);
        effects.specsChanged();
        partial.accept(line);
        yield new NetOk();
      }
    };
  }

  /** A file in error counts as none (control.md 7.2). */
  private Optional<ServiceSpec> find(String name) {
    try {
      return specs.find(name);
    } catch (SpecException unreadable) {
      return Optional.empty();
    }
  }

  private void within(String name, OptionalLong seconds) {
    if (seconds.isPresent()) {
      effects.stopWithin(name, Duration.ofSeconds(seconds.getAsLong()));
    }
  }
}
