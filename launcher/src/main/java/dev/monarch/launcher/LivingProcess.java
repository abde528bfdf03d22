package dev.monarch.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

  /**
   * Who has this id now; empty if nobody has, or if it waits to be reaped.
   *
   * @throws IOException if that cannot be seen
   */
  static Optional<LivingProcess> of(int pid) throws IOException {
    return of(Path.of("/proc", Integer.toString(pid)));
  }

  /** The same by the directory in which the kernel tells of it. */
  static Optional<LivingProcess> of(Path process) throws IOException {
    int pid = Integer.parseInt(process.getFileName().toString());
    String line = read(process.resolve("stat")).orElse("");
    int nameEnd = line.lastIndexOf(')');
    String[] fields = line.substring(Math.min(nameEnd + 2, line.length())).split(" ", -1);
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

  /**
   * What the kernel tells in this file of a process; empty if the process is gone, or hidden from
   * us.
   *
   * @throws IOException if neither is known, for example where too many files are open
   */
  static Optional<String> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException | AccessDeniedException goneOrHidden) {
      return Optional.empty();
    } catch (IOException failure) {
      String reason = Cause.of(failure);
      if (reason.equals(Linux.message(Linux.ESRCH)) || reason.equals(Linux.message(Linux.EPERM))) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /**
   * Whether it has not ended.
   *
   * @throws IOException if that cannot be seen
   */
  public boolean isAlive() throws IOException {
    return of(pid).filter(found -> found.startTicks == startTicks).isPresent();
  }

  /**
   * Signals this process, not its group; one that is gone is no error.
   *
   * @throws LauncherException if we may not
   * @throws IOException if it cannot be seen whether it is still there
   */
  public void signal(Signal signal) throws LauncherException, IOException {
    // The descriptor stands for one process for ever, and behind it we look whether it is ours.
    int descriptor = Linux.openPidDescriptor(pid);
    if (descriptor == -Linux.ESRCH) {
      return;
    }
    if (descriptor < 0) {
      throw new IOException("cannot signal %s: %s".formatted(this, Linux.message(-descriptor)));
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
