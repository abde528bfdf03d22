package dev.monarch.launcher;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A number that a process and all it ever starts carry, by which they are found again wherever they
 * went.
 *
 * <p>What a service starts may fork away: it leaves the process group and the session, and its
 * parent ends. Nothing that it cannot also leave tells whose it was. It takes another group for
 * itself, closes its descriptors as {@code sshd} does, and writes its title over its environment as
 * {@code nginx} does. What it keeps through every fork and every start of a program are its
 * resource limits, of which it has one that no service needs: how many microseconds a real-time
 * thread may run without a pause. So the number stands there, as a limit of some 70,000 years, for
 * everybody to read in {@code /proc/PID/limits}.
 *
 * <p>Where that limit was fixed by somebody else, tags are not given, and only groups are known.
 *
 * <p>Whoever starts a process has its tag for a moment, and is no carrier: so neither this process
 * is ever found nor its parent, which a Launcher is to its Supervisor.
 *
 * @param number no two tags on a machine have the same
 */
public record ProcessTag(long number) {
  /** In microseconds: so large that it limits nothing, and still no sign of "unlimited". */
  static final long NUMBER_MIN = 1L << 61;

  private static final String LIMIT = "Max realtime timeout";

  /**
   * A process inherits what its parent has in that moment: one start at a time. A program that
   * starts others by itself in that moment may give them the tag as well; ours does not.
   */
  private static final Object STARTING = new Object();

  public ProcessTag {
    if (number < NUMBER_MIN || number >= 2 * NUMBER_MIN) {
      throw new IllegalArgumentException(
          "expected a tag from %d to %d, found %d"
              .formatted(NUMBER_MIN, 2 * NUMBER_MIN - 1, number));
    }
  }

  /** A tag that nobody has. */
  public static ProcessTag random() {
    return new ProcessTag(
        NUMBER_MIN | (UUID.randomUUID().getLeastSignificantBits() & (NUMBER_MIN - 1)));
  }

  /** How a process is started. */
  public interface Starting<T, E extends Exception> {
    T start() throws E;
  }

  /** Starts a process that carries this tag. */
  public <T, E extends Exception> T given(Starting<T, E> starting) throws E {
    synchronized (STARTING) {
      long before = Linux.exchangeRealtimeLimit(number);
      try {
        return starting.start();
      } finally {
        long _ = Linux.exchangeRealtimeLimit(before);
      }
    }
  }

  /**
   * Who carries this tag now. Looks at each process of the machine.
   *
   * @throws IOException if that cannot be seen, which does not mean that nobody does
   */
  public List<LivingProcess> carriers() throws IOException {
    return carriers(Set.of(this)).getOrDefault(this, List.of());
  }

  /** Those of the carriers that are in none of these process groups. */
  public List<LivingProcess> carriersOutside(Set<Integer> groups) throws IOException {
    return carriers().stream().filter(process -> !groups.contains(process.group())).toList();
  }

  /** The carriers of each of these tags that has any, found in one go. */
  static Map<ProcessTag, List<LivingProcess>> carriers(Set<ProcessTag> tags) throws IOException {
    return carriers(Path.of("/proc"), tags);
  }

  static Map<ProcessTag, List<LivingProcess>> carriers(Path table, Set<ProcessTag> tags)
      throws IOException {
    Map<String, ProcessTag> wanted = new HashMap<>();
    tags.forEach(tag -> wanted.put(Long.toString(tag.number()), tag));
    Map<ProcessTag, List<LivingProcess>> found = new HashMap<>();
    if (tags.isEmpty()) {
      return found;
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(table, "[1-9]*")) {
      for (Path process : processes) {
        @Nullable ProcessTag tag = wanted.get(limit(process));
        if (tag != null && !startsOthers(process)) {
          LivingProcess.of(process)
              .ifPresent(one -> found.computeIfAbsent(tag, _ -> new ArrayList<>()).add(one));
        }
      }
    } catch (DirectoryIteratorException failure) {
      throw failure.getCause();
    }
    return found;
  }

  private static boolean startsOthers(Path process) {
    long pid = Long.parseLong(process.getFileName().toString());
    ProcessHandle self = ProcessHandle.current();
    return pid == self.pid() || self.parent().filter(parent -> parent.pid() == pid).isPresent();
  }

  /** As it is written there; empty if there is none. */
  private static String limit(Path process) throws IOException {
    String limits = LivingProcess.read(process.resolve("limits")).orElse("");
    int name = limits.lastIndexOf(LIMIT);
    if (name < 0) {
      return "";
    }
    int begin = skipSpaces(limits, name + LIMIT.length());
    return limits.substring(begin, Math.max(begin, limits.indexOf(' ', begin)));
  }

  private static int skipSpaces(String text, int begin) {
    int at = begin;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at;
  }
}
