package dev.monarch.supervisor.ctl;

import dev.monarch.packages.InstalledPackage;
import dev.monarch.packages.MalformedIdentException;
import dev.monarch.packages.PackageIdent;
import dev.monarch.supervisor.spec.ServiceSpec;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlReply.ServiceStatus;
import dev.monarch.wire.control.ControlRequest.SvcLoad;
import dev.monarch.wire.control.ControlRequest.SvcStart;
import dev.monarch.wire.control.ControlRequest.SvcStatus;
import dev.monarch.wire.control.ControlRequest.SvcStop;
import dev.monarch.wire.control.ControlRequest.SvcUnload;
import dev.monarch.wire.control.ControlRequest.SvcUpdate;
import dev.monarch.wire.control.DesiredState;
import dev.monarch.wire.control.ErrorCode;
import dev.monarch.wire.control.Ident;
import dev.monarch.wire.control.ServiceBind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a command does to a service's spec, and what is said to it (supervisor.md 3.6, control.md
 * 7.2 to 7.5). Decides only; whoever asks installs, writes, deletes and stops.
 *
 * <pre>
 *   command   no such spec                 there is one
 *   load      a new one                    NetErr 3; with force the same one, changed
 *   update    NetErr 0                     the same one, changed
 *   unload    NetErr 0                     delete it
 *   start     NetErr 2                     up; nothing if it is
 *   stop      NetErr 2                     down; nothing if it is
 * </pre>
 *
 * <p>A spec is found by the service's name alone, whatever origin and version a command names. A
 * change keeps what it does not mention, the desired state always; a load alone sets the channel
 * back if it names none. What a load needs of its package is asked afterwards, with {@link
 * #objection}: the package may have to be installed first, from where the new spec says.
 */
public final class CommandRules {
  /** What to do about a command. */
  public sealed interface Ruling {
    /** Answer this, and do nothing. */
    record Refuse(NetErr reply) implements Ruling {}

    /** It is so already: answer that all is well, without text. */
    record LeaveAsItIs() implements Ruling {}

    /** Write the spec, then say the line and that all is well. */
    record Write(ServiceSpec spec, ConsoleLine line) implements Ruling {}

    /** Delete this spec and stop its service, then say the line and that all is well. */
    record Delete(ServiceSpec spec, ConsoleLine line) implements Ruling {}
  }

  private CommandRules() {}

  /**
   * Load a service.
   *
   * @param existing the spec of the same name
   */
  public static Ruling load(SvcLoad load, Optional<ServiceSpec> existing) {
    if (existing.isPresent() && !load.force()) {
      return refuse(
          ErrorCode.CONFLICT,
          "Service already loaded. Unload '%s' and try again, or load with the --force flag to reload and restart the service."
              .formatted(load.ident()));
    }
    try {
      ServiceSpec fresh = ServiceSpec.of(PackageIdent.parse(load.ident().toString()));
      String channel = load.change().channel().orElse(fresh.channel());
      ServiceSpec loaded =
          existing
              .map(spec -> spec.withIdent(fresh.ident()))
              .orElse(fresh)
              .with(load.change().withChannel(channel));
      if (load.configFrom().isPresent()) {
        loaded = loaded.withConfigFrom(Path.of(load.configFrom().get()));
      }
      return new Ruling.Write(
          loaded, ConsoleLine.of("The " + load.ident() + " service was successfully loaded"));
    } catch (MalformedIdentException | IllegalArgumentException invalid) {
      return refuse(ErrorCode.BAD_PAYLOAD, String.valueOf(invalid.getMessage()));
    }
  }

  /** Why a service cannot be loaded from this package, if so. */
  public static Optional<NetErr> objection(ServiceSpec spec, InstalledPackage pkg) {
    if (!pkg.isRunnable()) {
      return Optional.of(new NetErr(ErrorCode.INTERNAL, "Package is not runnable: " + pkg.ident()));
    }
    List<String> given = spec.binds().stream().map(ServiceBind::name).toList();
    List<String> missing =
        pkg.binds().keySet().stream().filter(name -> !given.contains(name)).toList();
    if (!missing.isEmpty()) {
      return bindObjection("Missing required bind(s), ", missing);
    }
    List<String> unknown =
        given.stream()
            .filter(
                name -> !pkg.binds().containsKey(name) && !pkg.optionalBinds().containsKey(name))
            .toList();
    return unknown.isEmpty() ? Optional.empty() : bindObjection("Invalid bind(s), ", unknown);
  }

  private static Optional<NetErr> bindObjection(String what, List<String> names) {
    return Optional.of(new NetErr(ErrorCode.INVALID_PAYLOAD, what + String.join(", ", names)));
  }

  /**
   * Change a service. Binds are not held against the package again.
   *
   * @param existing the spec of the same name
   */
  public static Ruling update(SvcUpdate update, Optional<ServiceSpec> existing) {
    if (existing.isEmpty()) {
      return refuseUnloaded(update.ident());
    }
    try {
      return new Ruling.Write(
          existing.get().with(update.change()), ConsoleLine.of("Updating " + update.ident()));
    } catch (IllegalArgumentException invalid) {
      return refuse(ErrorCode.BAD_PAYLOAD, String.valueOf(invalid.getMessage()));
    }
  }

  /**
   * Forget a service.
   *
   * @param existing the spec of the same name
   */
  public static Ruling unload(SvcUnload unload, Optional<ServiceSpec> existing) {
    return existing
        .<Ruling>map(spec -> new Ruling.Delete(spec, ConsoleLine.of("Unloading " + unload.ident())))
        .orElseGet(() -> refuseUnloaded(unload.ident()));
  }

  /**
   * Let a service run.
   *
   * @param existing the spec of the same name
   */
  public static Ruling start(SvcStart start, Optional<ServiceSpec> existing) {
    return turn(start.ident(), existing, DesiredState.UP, "starting");
  }

  /**
   * Stop a service.
   *
   * @param existing the spec of the same name
   */
  public static Ruling stop(SvcStop stop, Optional<ServiceSpec> existing) {
    return turn(stop.ident(), existing, DesiredState.DOWN, "stopping");
  }

  private static Ruling turn(
      Ident ident, Optional<ServiceSpec> existing, DesiredState to, String doing) {
    if (existing.isEmpty()) {
      return new Ruling.Refuse(notFound(ident));
    }
    if (existing.get().desiredState() == to) {
      return new Ruling.LeaveAsItIs();
    }
    return new Ruling.Write(
        existing.get().withDesiredState(to),
        ConsoleLine.of(
            "Supervisor %s %s. See the Supervisor output for more details."
                .formatted(doing, ident)));
  }

  /**
   * Tell about one service or all.
   *
   * @param services all loaded ones, with their packages in use
   * @param partial takes all services but the last
   */
  public static ControlReply.Last status(
      SvcStatus status, List<ServiceStatus> services, Consumer<ControlReply.Partial> partial) {
    List<ServiceStatus> wanted = new ArrayList<>(services);
    if (status.ident().isPresent()) {
      Ident ident = status.ident().get();
      wanted.removeIf(service -> !satisfies(service.ident(), ident));
      return wanted.isEmpty() ? notFound(ident) : wanted.getFirst();
    }
    if (wanted.isEmpty()) {
      return new NetOk();
    }
    wanted.subList(0, wanted.size() - 1).forEach(partial);
    return wanted.getLast();
  }

  /** Whether a package in use is what a command means; what it does not name may be anything. */
  public static boolean satisfies(Ident found, Ident wanted) {
    return found.origin().equals(wanted.origin())
        && found.name().equals(wanted.name())
        && (wanted.version().isEmpty() || wanted.version().equals(found.version()))
        && (wanted.release().isEmpty() || wanted.release().equals(found.release()));
  }

  /** No such service is loaded. */
  public static NetErr notFound(Ident ident) {
    return new NetErr(ErrorCode.NOT_FOUND, "Service not loaded, " + ident);
  }

  private static Ruling refuseUnloaded(Ident ident) {
    return refuse(ErrorCode.INTERNAL, "Service " + ident + " not loaded");
  }

  private static Ruling refuse(ErrorCode code, String text) {
    return new Ruling.Refuse(new NetErr(code, text));
  }
}
