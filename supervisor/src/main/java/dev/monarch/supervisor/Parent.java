package dev.monarch.supervisor;

import dev.monarch.launcher.LauncherClient;
import dev.monarch.launcher.LauncherException;
import dev.monarch.launcher.LocalProcessHost;
import dev.monarch.launcher.OutputForm;
import dev.monarch.launcher.ProcessHost;
import dev.monarch.supervisor.config.SupervisorConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Who starts the processes of this Supervisor's services: the Launcher that its environment names,
 * or this very process. In the second case services end with the Supervisor.
 */
final class Parent {
  private Parent() {}

  /** Where the Launcher listens, if there is one. */
  static Optional<Path> launcherPipe(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("HAB_LAUNCHER_PIPE"))
        .filter(pipe -> !pipe.isEmpty())
        .map(Path::of);
  }

  /** Whom to signal to end the Supervisor: the Launcher if there is one, or this process. */
  static long pid(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("HAB_LAUNCHER_PID"))
        .filter(pid -> launcherPipe(environment).isPresent() && pid.matches("[1-9][0-9]{0,9}"))
        .map(Long::valueOf)
        .orElseGet(() -> ProcessHandle.current().pid());
  }

  static ProcessHost open(SupervisorConfig config, Surroundings surroundings)
      throws LauncherException {
    Optional<Path> pipe = launcherPipe(surroundings.environment());
    if (pipe.isPresent()) {
      return LauncherClient.connect(pipe.get(), LauncherClient.ANSWERS_WITHIN);
    }
    return LocalProcessHost.open(
        config.layout().launcher(),
        new OutputForm(config.output().colour() && surroundings.terminal(), config.output().json()),
        surroundings.out(),
        surroundings.err());
  }
}
