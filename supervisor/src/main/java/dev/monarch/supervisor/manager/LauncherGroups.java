package dev.monarch.supervisor.manager;

import dev.monarch.launcher.GroupLeader;
import dev.monarch.launcher.LauncherException;
import dev.monarch.launcher.ProcessGroups;
import dev.monarch.launcher.RunAs;
import dev.monarch.launcher.Signal;
import dev.monarch.supervisor.hooks.HookGroups;
import java.util.List;
import java.util.Optional;

/** Process groups of hooks, as the launcher's room makes and kills them. */
public enum LauncherGroups implements HookGroups {
  INSTANCE;

  @Override
  public List<String> command(Optional<RunAs> runAs, List<String> command)
      throws LauncherException {
    return GroupLeader.command(runAs, command);
  }

  @Override
  public void kill(int pid) throws LauncherException {
    ProcessGroups.signal(pid, Signal.KILL);
  }
}
