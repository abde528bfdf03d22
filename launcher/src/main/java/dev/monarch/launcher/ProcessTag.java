package dev.monarch.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

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

  /** Who carries this tag now. Looks at each process of the machine. */
  public List<LivingProcess> carriers() {
    List<LivingProcess> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : processes) {
        if (isCarriedBy(process)) {
          LivingProcess.of(Integer.parseInt(process.getFileName().toString()))
              .ifPresent(found::add);
        }
      }
    } catch (IOException unlisted) {
      return found;
    }
    return List.copyOf(found);
  }

  /** Those of the carriers that are in none of these process groups. */
  public List<LivingProcess> carriersOutside(Set<Integer> groups) {
    return carriers().stream().filter(process -> !groups.contains(process.group())).toList();
  }

  private boolean isCarriedBy(Path process) {
    try {
      String limits = Files.readString(process.resolve("limits"), StandardCharsets.ISO_8859_1);
      int begin = limits.lastIndexOf(LIMIT);
      return begin >= 0
          && limits.startsWith(number + " ", skipSpaces(limits, begin + LIMIT.length()));
    } catch (IOException goneOrNotOurs) {
      return false;
    }
  }

  private static int skipSpaces(String text, int begin) {
    int at = begin;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at;
  }
}
