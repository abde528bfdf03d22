package dev.monarch.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What a Launcher that is killed leaves to the next one: which processes it had, so that none of
 * them runs twice and none runs on without anybody who looks after it.
 *
 * <p>Before a process is started the journal holds an intent, afterwards its id and the tick it was
 * started at, which together belong to no other process until the machine boots. Between the two a
 * kill leaves a process whose id nobody wrote down; it is found by its {@link ProcessTag}, which an
 * intent names, and so is whoever left the group of the process.
 *
 * <pre>
 *   monarch-launcher 2 BOOT
 *   TAG pid ticks SIGNAL milliseconds name
 * </pre>
 *
 * The file is replaced as a whole and by renaming. It is not forced to the disk: what a crash of
 * the machine takes from the file it takes from the processes as well. Whoever of an earlier
 * Launcher is still there after all stays in it, for the next one.
 */
final class Journal {
  private static final String HEADER = "monarch-launcher 2 ";
  private static final int FIELDS = 6;

  /** Of an intent whose process is not started yet. */
  private static final int NO_PID = 0;

  private final Path file;
  private final String boot;
  private final Map<Integer, Entry> entries = new LinkedHashMap<>();
  private int lastEntry;

  /** A process that was left behind. */
  record Leftover(String name, StopOrder order) {}

  private record Entry(
      ProcessTag tag, int pid, long startTicks, Signal signal, long timeoutMillis, String name) {
    boolean isAlive() throws IOException {
      return pid != NO_PID && ProcessGroups.startTicks(pid).equals(OptionalLong.of(startTicks));
    }

    Leftover leftover(int left) {
      return new Leftover(name, new StopOrder(left, signal, Duration.ofMillis(timeoutMillis)));
    }

    String line() {
      return String.join(
          " ",
          Long.toString(tag.number()),
          Integer.toString(pid),
          Long.toString(startTicks),
          signal.name(),
          Long.toString(timeoutMillis),
          name);
    }
  }

  /**
   * Takes up the journal of an earlier Launcher.
   *
   * @param say tells the operator
   */
  Journal(Path file, Consumer<String> say) throws LauncherException {
    this.file = file;
    this.boot = boot();
    read(say).forEach(entry -> entries.put(++lastEntry, entry));
  }

  private static String boot() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException notTold) {
      return "unknown";
    }
  }

  /**
   * Says that a process is about to be started.
   *
   * @return the number of its entry
   */
  synchronized int intend(ProcessTag tag, String name, Signal signal, Duration timeout)
      throws LauncherException {
    lastEntry++;
    entries.put(lastEntry, new Entry(tag, NO_PID, 0, signal, timeout.toMillis(), name));
    try {
      write();
    } catch (IOException failure) {
      entries.remove(lastEntry);
      throw new LauncherException(
          "expected to write %s before %s is started, found: %s; make room or check who owns it"
              .formatted(file, name, Cause.of(failure)),
          failure);
    }
    return lastEntry;
  }

  /** Says that it was. If that cannot be seen or written, its intent stays and finds it as well. */
  synchronized void started(int entry, int pid) {
    Entry intent = entries.get(entry);
    OptionalLong ticks = startTicks(pid);
    if (intent != null && ticks.isPresent()) {
      entries.put(
          entry,
          new Entry(
              intent.tag(),
              pid,
              ticks.getAsLong(),
              intent.signal(),
              intent.timeoutMillis(),
              intent.name()));
      writeOrKeep();
    }
  }

  private static OptionalLong startTicks(int pid) {
    try {
      return ProcessGroups.startTicks(pid);
    } catch (IOException unseen) {
      return OptionalLong.empty();
    }
  }

  /** Says that nothing is left of it, or that it was not started after all. */
  synchronized void ended(int entry) {
    entries.remove(entry);
    writeOrKeep();
  }

  private void writeOrKeep() {
    try {
      write();
    } catch (IOException older) {
      // The older journal names at worst a process that is gone, which its ticks tell.
    }
  }

  private void write() throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    List<String> lines = new ArrayList<>();
    lines.add(HEADER + boot);
    entries.values().forEach(entry -> lines.add(entry.line()));
    Files.write(next, lines, StandardCharsets.UTF_8);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * The processes of an earlier Launcher that still live: leaders, and who is in no such group. The
   * others are forgotten. To be asked before anything is started.
   */
  synchronized List<Leftover> leftovers() throws LauncherException {
    try {
      Map<Integer, Leftover> left = new LinkedHashMap<>();
      for (Entry entry : entries.values()) {
        if (entry.isAlive()) {
          left.put(entry.pid(), entry.leftover(entry.pid()));
        }
      }
      Set<Integer> leaders = Set.copyOf(left.keySet());
      Map<ProcessTag, List<LivingProcess>> carriers =
          ProcessTag.carriers(
              entries.values().stream().map(Entry::tag).collect(Collectors.toSet()));
      entries
          .values()
          .removeIf(entry -> !leaders.contains(entry.pid()) && !carriers.containsKey(entry.tag()));
      for (Entry entry : entries.values()) {
        carriers.getOrDefault(entry.tag(), List.of()).stream()
            .filter(process -> !leaders.contains(process.group()))
            .forEach(process -> left.putIfAbsent(process.pid(), entry.leftover(process.pid())));
      }
      return List.copyOf(left.values());
    } catch (IOException failure) {
      throw new LauncherException(
          "expected to see which processes an earlier Launcher left behind, found: %s; check the limit of open files and that /proc is there"
              .formatted(Cause.of(failure)),
          failure);
    }
  }

  private List<Entry> read(Consumer<String> say) throws LauncherException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException first) {
      return List.of();
    } catch (IOException failure) {
      throw new LauncherException(
          "expected to read %s, which names what an earlier Launcher left behind, found: %s; remove it if no service runs"
              .formatted(file, Cause.of(failure)),
          failure);
    }
    if (lines.isEmpty() || !lines.getFirst().endsWith(" " + boot)) {
      // Of another boot, with which its processes went.
      return List.of();
    }
    if (!lines.getFirst().equals(HEADER + boot)) {
      say.accept(
          "warning: %s is of another version and is not read: end by hand what a Launcher that was killed left behind"
              .formatted(file));
      return List.of();
    }
    return lines.stream().skip(1).map(Journal::parse).flatMap(Optional::stream).toList();
  }

  private static Optional<Entry> parse(String line) {
    String[] fields = line.split(" ", FIELDS);
    try {
      return Optional.of(
          new Entry(
              new ProcessTag(Long.parseLong(fields[0])),
              Integer.parseInt(fields[1]),
              Long.parseLong(fields[2]),
              Signal.valueOf(fields[3]),
              Long.parseLong(fields[4]),
              fields[5]));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException notOurs) {
      return Optional.empty();
    }
  }
}
