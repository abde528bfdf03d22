package dev.monarch.supervisor.spec;

import dev.monarch.wire.control.DesiredState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What has to be done so that what runs becomes what is meant to run (supervisor.md 3.4).
 *
 * <pre>
 *   on disk        running                         action
 *   none, down     no                              nothing
 *   none, down     yes                             stop
 *   up             no                              start
 *   up             yes, the same                   nothing
 *   up             yes, differs in more            restart
 *   up             yes, differs only in where and  swap
 *                  how updates come, or in keys
 *                  nobody knows
 *   unreadable     any                             nothing
 *   any            busy                            nothing
 * </pre>
 *
 * <p>A service that is stopping is busy; whoever sees it end reconciles again. A service counts as
 * running from its start until then, whether or not its process lives. The row of the unreadable
 * file is ours: the original stops the service ({@link SpecDirectory}).
 *
 * <p>Services are told apart by their names alone: a spec of {@code other/web} takes the place of
 * {@code acme/web}.
 */
public final class Reconciliation {
  private Reconciliation() {}

  /** One thing to do. */
  public sealed interface Action {
    /** The service it is about. */
    String name();
  }

  /** Start a service that does not run. */
  public record Start(ServiceSpec spec) implements Action {
    @Override
    public String name() {
      return spec.name();
    }
  }

  /** Stop a service; its spec says down, or is gone. */
  public record Stop(ServiceSpec running) implements Action {
    @Override
    public String name() {
      return running.name();
    }
  }

  /** Stop a service and start it with another spec. */
  public record Restart(ServiceSpec running, ServiceSpec next) implements Action {
    @Override
    public String name() {
      return next.name();
    }
  }

  /** Go on running under another spec. */
  public record Swap(ServiceSpec running, ServiceSpec next) implements Action {
    @Override
    public String name() {
      return next.name();
    }
  }

  /**
   * The actions, at most one for each service, in the order of names.
   *
   * @param running the specs of running services by name
   * @param busy names of services that are stopping
   */
  public static List<Action> actions(
      SpecDirectory.Contents onDisk, Map<String, ServiceSpec> running, Set<String> busy) {
    var names = new TreeSet<>(onDisk.specs().keySet());
    names.addAll(running.keySet());
    names.removeAll(onDisk.unreadable());
    names.removeAll(busy);
    var actions = new ArrayList<Action>();
    for (String name : names) {
      action(
              Optional.ofNullable(onDisk.specs().get(name))
                  .filter(spec -> spec.desiredState() == DesiredState.UP),
              Optional.ofNullable(running.get(name)))
          .ifPresent(actions::add);
    }
    return List.copyOf(actions);
  }

  private static Optional<Action> action(
      Optional<ServiceSpec> wanted, Optional<ServiceSpec> running) {
    if (wanted.isEmpty()) {
      return running.map(Stop::new);
    }
    ServiceSpec next = wanted.get();
    if (running.isEmpty()) {
      return Optional.of(new Start(next));
    }
    ServiceSpec now = running.get();
    if (now.needsRestartFor(next)) {
      return Optional.of(new Restart(now, next));
    }
    return now.equals(next) ? Optional.empty() : Optional.of(new Swap(now, next));
  }
}
