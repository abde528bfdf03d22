package dev.monarch.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process and no other, whoever is given its id when it has ended.
 *
 * @param startTicks when it was started, in the kernel's ticks since it booted: an id and its start
 *     are never given twice, unlike the id alone
 * @param group the process group it is in
 * @param name of its program, as the kernel knows it
 */
public record LivingProcess(int pid, long startTicks, int group, String name) {
  /** Of the fields in {@code /proc/PID/stat} behind the name, which may hold anything. */
  private static final int FIELD_STATE = 0;

  private static final int FIELD_GROUP = 2;
  private static final int FIELD_START = 19;

  /** Who has this id now; empty if nobody has, or if it waits to be reaped. */
  static Optional<LivingProcess> of(int pid) {
    String line;
    try {
      line =
          Files.readString(
              Path.of("/proc", Integer.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return Optional.empty();
    }
    int nameEnd = line.lastIndexOf(')');
    String[] fields = line.substring(nameEnd + 2).split(" ", -1);
    if (fields.length <= FIELD_START || fields[FIELD_STATE].equals("Z")) {
      return Optional.empty();
    }
    return Optional.of(
        new LivingProcess(
            pid,
            Long.parseLong(fields[FIELD_START]),
            Integer.parseInt(fields[FIELD_GROUP]),
            line.substring(line.indexOf('(') + 1, nameEnd).replaceAll("\\p{Cntrl}", "?")));
  }

  /** Whether it has not ended. */
  public boolean isAlive() {
    return of(pid).filter(found -> found.startTicks == startTicks).isPresent();
  }

  /**
   * Signals this process, not its group; one that is gone is no error.
   *
   * @throws LauncherException if we may not
   */
  public void signal(Signal signal) throws LauncherException {
    // The descriptor stands for one process for ever, and behind it we look whether it is ours.
    int descriptor = Linux.openPidDescriptor(pid);
    if (descriptor < 0) {
      return;
    }
    try {
      if (isAlive() && Linux.signalBy(descriptor, signal.number()) == -Linux.EPERM) {
        throw new LauncherException(
            "expected to send %s to %s, found: %s; run as its owner or as root"
                .formatted(signal.longName(), this, Linux.message(Linux.EPERM)));
      }
    } finally {
      Linux.close(descriptor);
    }
  }

  @Override
  public String toString() {
    return name + " (PID: " + pid + ")";
  }
}
