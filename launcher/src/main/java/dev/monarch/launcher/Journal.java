package dev.monarch.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a Launcher that is killed leaves to the next one: which processes it had, so that none of
 * them runs twice and none runs on without anybody who looks after it.
 *
 * <p>Before a process is started the journal holds an intent, afterwards its id and the tick it was
 * started at, which together belong to no other process until the machine boots. Between the two a
 * kill leaves a process whose id nobody wrote down; it is found by {@link #MARK} in its
 * environment, which an intent names.
 *
 * <pre>
 *   monarch-launcher 1 BOOT
 *   MARK pid ticks SIGNAL milliseconds name
 * </pre>
 *
 * The file is replaced as a whole and by renaming. It is not forced to the disk: what a crash of
 * the machine takes from the file it takes from the processes as well.
 */
final class Journal {
  /** The variable that every process of a Launcher carries, unless it clears its environment. */
  static final String MARK = "HAB_LAUNCHER_MARK";

  private static final String HEADER = "monarch-launcher 1 ";
  private static final int FIELDS = 6;

  /** Of an intent whose process is not started yet. */
  private static final int NO_PID = 0;

  private final Path file;
  private final String boot;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** A process that was left behind. */
  record Leftover(String name, StopOrder order) {}

  private record Entry(
      String mark, int pid, long startTicks, Signal signal, long timeoutMillis, String name) {
    String line() {
      return String.join(
          " ",
          mark,
          Integer.toString(pid),
          Long.toString(startTicks),
          signal.name(),
          Long.toString(timeoutMillis),
          name);
    }
  }

  Journal(Path file) {
    this.file = file;
    this.boot = boot();
  }

  private static String boot() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException notTold) {
      return "unknown";
    }
  }

  /** Says that a process is about to be started. */
  synchronized void intend(String mark, String name, Signal signal, Duration timeout)
      throws LauncherException {
    entries.put(mark, new Entry(mark, NO_PID, 0, signal, timeout.toMillis(), name));
    try {
      write();
    } catch (IOException failure) {
      entries.remove(mark);
      throw new LauncherException(
          "expected to write %s before %s is started, found: %s; make room or check who owns it"
              .formatted(file, name, Cause.of(failure)),
          failure);
    }
  }

  /** Says that it was. If that cannot be written, its intent stays and finds it as well. */
  synchronized void started(String mark, int pid) {
    Entry intent = entries.get(mark);
    OptionalLong ticks = ProcessGroups.startTicks(pid);
    if (intent != null && ticks.isPresent()) {
      entries.put(
          mark,
          new Entry(
              mark,
              pid,
              ticks.getAsLong(),
              intent.signal(),
              intent.timeoutMillis(),
              intent.name()));
      writeOrKeep();
    }
  }

  /** Says that it ended, or was not started after all. */
  synchronized void ended(String mark) {
    entries.remove(mark);
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

  /** The processes of an earlier Launcher that still live. */
  List<Leftover> leftovers() throws LauncherException {
    List<Leftover> left = new ArrayList<>();
    for (Entry entry : read()) {
      Duration timeout = Duration.ofMillis(entry.timeoutMillis());
      pids(entry)
          .forEach(
              pid ->
                  left.add(
                      new Leftover(entry.name(), new StopOrder(pid, entry.signal(), timeout))));
    }
    return List.copyOf(left);
  }

  private static Collection<Integer> pids(Entry entry) {
    if (entry.pid() == NO_PID) {
      return marked(entry.mark());
    }
    OptionalLong ticks = ProcessGroups.startTicks(entry.pid());
    if (ticks.isPresent()) {
      return ticks.getAsLong() == entry.startTicks() ? List.of(entry.pid()) : List.of();
    }
    // Its leader is gone; the rest of its group may not be.
    return ProcessGroups.isAlive(entry.pid()) ? marked(entry.mark()) : List.of();
  }

  /** The processes that carry this mark. */
  private static List<Integer> marked(String mark) {
    String variable = MARK + "=" + mark;
    List<Integer> pids = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : processes) {
        if (environment(process).anyMatch(variable::equals)) {
          pids.add(Integer.parseInt(process.getFileName().toString()));
        }
      }
    } catch (IOException unlisted) {
      return pids;
    }
    return pids;
  }

  private static Stream<String> environment(Path process) {
    try {
      return Stream.of(
          new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.UTF_8)
              .split("\0", -1));
    } catch (IOException goneOrNotOurs) {
      return Stream.of();
    }
  }

  private List<Entry> read() throws LauncherException {
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
    if (lines.isEmpty() || !lines.getFirst().equals(HEADER + boot)) {
      // Of another boot, or of a version whose processes are not known to us.
      return List.of();
    }
    return lines.stream().skip(1).map(Journal::parse).flatMap(Optional::stream).toList();
  }

  private static Optional<Entry> parse(String line) {
    String[] fields = line.split(" ", FIELDS);
    try {
      return Optional.of(
          new Entry(
              fields[0],
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
