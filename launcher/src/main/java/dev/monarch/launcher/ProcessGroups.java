package dev.monarch.launcher;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Signals to processes and to their groups (supervisor.md 4.9). A program that is run by a shell
 * script leaves children behind if only the script is signalled; a group is signalled as a whole.
 *
 * <p>The JDK signals single processes, with TERM and KILL only.
 */
public final class ProcessGroups {
  /** How often a group that was signalled is looked for, as the original does. */
  private static final long LOOK_MILLIS = 5;

  /** After {@code KILL} only a process stuck in the kernel remains, which nobody can wait for. */
  private static final long KILLED_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

  /** Whoever starts others this often while it is ended does so for ever. */
  private static final int SEARCHES_MAX = 10;

  private ProcessGroups() {}

  /**
   * Signals the group that this process leads, or the process if it leads none.
   *
   * @return false if there is no such process any more
   * @throws LauncherException if we may not
   */
  public static boolean signal(int pid, Signal signal) throws LauncherException {
    int result = send(pid, signal.number());
    if (result == -Linux.EPERM) {
      throw new LauncherException(
          "expected to send %s to process %d, found: %s; run as its owner or as root"
              .formatted(signal.longName(), pid, Linux.message(Linux.EPERM)));
    }
    return result == 0;
  }

  private static int send(int pid, int number) {
    if (pid <= 1) {
      throw new IllegalArgumentException("expected the id of a process, found " + pid);
    }
    int result = Linux.kill(-pid, number);
    return result == -Linux.ESRCH ? Linux.kill(pid, number) : result;
  }

  /** True as long as anybody of the group that this process leads, or led, is there. */
  public static boolean isAlive(int pid) {
    return send(pid, 0) != -Linux.ESRCH;
  }

  /** Ends all of them at the same time, each in its own way, and returns when they are gone. */
  public static void end(Collection<StopOrder> orders) {
    long begin = System.nanoTime();
    List<StopOrder> asked = new ArrayList<>(orders);
    asked.removeIf(order -> send(order.pid(), order.signal().number()) == -Linux.ESRCH);
    // Who is frozen hears nothing.
    asked.forEach(
        order -> {
          int _ = send(order.pid(), Signal.CONT.number());
        });
    List<StopOrder> killed = new ArrayList<>();
    boolean interrupted = false;
    while (!asked.isEmpty()) {
      long waited = System.nanoTime() - begin;
      for (Iterator<StopOrder> each = asked.iterator(); each.hasNext(); ) {
        StopOrder order = each.next();
        if (!isAlive(order.pid())) {
          each.remove();
        } else if (waited > order.timeout().toNanos()) {
          int _ = send(order.pid(), Signal.KILL.number());
          killed.add(order);
          each.remove();
        }
      }
      interrupted |= pause();
    }
    long killedAt = System.nanoTime();
    while (killed.stream().anyMatch(order -> isAlive(order.pid()))
        && System.nanoTime() - killedAt < KILLED_NANOS_MAX) {
      interrupted |= pause();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells who is to be ended, as far as can be seen now. */
  public interface Search<E extends Exception> {
    Collection<StopOrder> find() throws E;
  }

  /**
   * Ends whoever is found, and searches again: they may have started others meanwhile. Returns when
   * nobody is found who was not asked before.
   */
  public static <E extends Exception> void endFound(Search<E> search) throws E {
    Set<Integer> asked = new HashSet<>();
    for (int searches = 0; searches < SEARCHES_MAX; searches++) {
      List<StopOrder> orders =
          search.find().stream().filter(order -> asked.add(order.pid())).toList();
      if (orders.isEmpty()) {
        return;
      }
      end(orders);
    }
  }

  /** True if it was interrupted. What was begun is ended: half a stop helps nobody. */
  private static boolean pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      return false;
    } catch (InterruptedException interrupted) {
      return true;
    }
  }

  /**
   * When a process was started, in the kernel's ticks since it booted; empty if there is none. An
   * id and its start are never given twice, unlike the id alone.
   *
   * @throws IOException if that cannot be seen
   */
  public static OptionalLong startTicks(int pid) throws IOException {
    return LivingProcess.of(pid)
        .map(process -> OptionalLong.of(process.startTicks()))
        .orElse(OptionalLong.empty());
  }
}
