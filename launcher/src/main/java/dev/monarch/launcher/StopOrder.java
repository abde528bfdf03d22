package dev.monarch.launcher;

import java.time.Duration;

/**
 * How a process is brought to an end.
 *
 * @param pid of the leader of its group, or of a single process
 * @param signal what it is asked with
 * @param timeout from then to {@code KILL}
 */
public record StopOrder(int pid, Signal signal, Duration timeout) {
  public StopOrder {
    if (pid <= 1) {
      throw new IllegalArgumentException("expected the id of a process, found " + pid);
    }
  }
}
