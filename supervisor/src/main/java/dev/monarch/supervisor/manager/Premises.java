package dev.monarch.supervisor.manager;

import dev.monarch.crypto.KeyCache;
import dev.monarch.launcher.ProcessHost;
import dev.monarch.packages.PackageStore;
import dev.monarch.supervisor.config.Layout;
import dev.monarch.supervisor.hooks.HookRunner;
import dev.monarch.supervisor.service.HookLimits;
import dev.monarch.supervisor.service.RestartSettings;
import java.util.Map;
import java.util.Optional;

/**
 * What services find around themselves, and what does not change while the Supervisor runs.
 *
 * @param keys that open what users sealed
 * @param organization of all services
 * @param environment the Supervisor's own
 */
public record Premises(
    Layout layout,
    PackageStore store,
    KeyCache keys,
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
