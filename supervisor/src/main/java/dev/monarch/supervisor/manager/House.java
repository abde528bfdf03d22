package dev.monarch.supervisor.manager;

import dev.monarch.butterfly.census.CensusGroup;
import dev.monarch.launcher.ProcessHost;
import dev.monarch.packages.PackageStore;
import dev.monarch.supervisor.config.Layout;
import dev.monarch.supervisor.hooks.HookRunner;
import dev.monarch.supervisor.service.EndCause;
import dev.monarch.supervisor.service.HookLimits;
import dev.monarch.supervisor.service.Line;
import dev.monarch.supervisor.service.RestartSettings;
import dev.monarch.wire.Rumor.ServiceRumor;
import java.util.Map;
import java.util.Optional;

/** What a service finds around itself in a Supervisor. */
interface House {
  /** What does not change while the Supervisor runs. */
  record Premises(
      Layout layout,
      PackageStore store,
      ProcessHost processes,
      HookRunner hooks,
      SysFacts sys,
      Optional<String> organization,
      RestartSettings restart,
      HookLimits hookLimits,
      Map<String, String> environment) {
    public Premises {
      environment = Map.copyOf(environment);
    }
  }

  Premises premises();

  /** Runs a task on the loop's thread, later. May be called by any thread. */
  void post(Runnable task);

  /** Says something to the operator. May be called by any thread. */
  void say(Line line);

  /** A service group as the ring shows it now. */
  Optional<CensusGroup> group(String name);

  /** Tells the ring; what is told is in the census when this returns. */
  void publish(ServiceRumor rumor);

  /** A service's machine is through. */
  void ended(Resident resident, EndCause cause);
}
