package dev.monarch.supervisor.hooks;

import dev.monarch.launcher.LauncherException;
import dev.monarch.launcher.RunAs;
import java.util.List;
import java.util.Optional;

/** Process groups, which the JDK does not know: the launcher does. */
public interface HookGroups {
  /**
   * The words that run a command as leader of a group of its own, without a process in between, so
   * that the id that {@link Process} knows is the group's.
   *
   * @param runAs empty to stay who we are
   * @throws LauncherException if this machine cannot do that
   */
  List<String> command(Optional<RunAs> runAs, List<String> command) throws LauncherException;

  /**
   * Kills the group that this process leads, or the process if it leads none yet. One that is gone
   * is no error.
   */
  void kill(int pid) throws LauncherException;
}
