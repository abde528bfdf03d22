package dev.monarch.supervisor;

import dev.monarch.supervisor.config.Layout;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * {@code hab sup term}: asks the Supervisor of a tree to stop (supervisor.md 10.4). It is not
 * waited for. To find none is no failure: what was wanted is so.
 */
public final class SupervisorTerm {
  private final Surroundings surroundings;

  public SupervisorTerm(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** The exit code. */
  public int run() {
    Layout layout = Layout.of(surroundings.environment());
    try {
      Optional<Long> holder = TreeLock.holder(layout);
      if (holder.isEmpty()) {
        surroundings.out().println("No Supervisor is running on " + layout.root() + ".");
        return 0;
      }
      long pid = holder.get();
      Optional<ProcessHandle> process = ProcessHandle.of(pid);
      if (process.isEmpty()) {
        surroundings
            .out()
            .println(
                "The Supervisor on " + layout.root() + " ended just now: no process " + pid + ".");
        return 0;
      }
      if (pid == ProcessHandle.current().pid() || !process.get().destroy()) {
        surroundings
            .err()
            .println(
                "error: expected to stop process %d, which holds %s, found it out of reach; stop it as its owner"
                    .formatted(pid, layout.lock()));
        return Supervisor.EXIT_FAILED;
      }
      surroundings
          .out()
          .println("Asked the Supervisor on " + layout.root() + " to stop (process " + pid + ").");
      return 0;
    } catch (NoSuchFileException neverStarted) {
      surroundings.out().println("No Supervisor is running on " + layout.root() + ".");
      return 0;
    } catch (IOException failure) {
      surroundings
          .err()
          .println(
              "error: expected to read %s, found: %s; run this as the Supervisor's owner"
                  .formatted(layout.lock(), Cause.of(failure)));
      return Supervisor.EXIT_FAILED;
    }
  }
}
