package dev.monarch.supervisor.manager;

import dev.monarch.launcher.LauncherException;
import dev.monarch.launcher.LivingProcess;
import dev.monarch.launcher.ProcessTag;
import dev.monarch.launcher.Signal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Ends what the hooks and the process of a service left in the background: whoever carries its tag
 * when nothing else of it lives. The original knows the process group alone (supervisor.md 4.9), so
 * that there a run hook which forks away runs once more with each of its restarts.
 *
 * <p>The machine's processes are looked through once if nobody is there, as nearly always, and
 * again when those that were found are gone: they may have started others meanwhile.
 */
final class LeftBehind {
  /** Between two looks whether those that were signalled are gone. */
  private static final long LOOK_MILLIS = 5;

  /** A line is to be read. */
  private static final int NAMED_MAX = 8;

  private final ProcessTag tag;
  private final Signal signal;
  private final Consumer<String> say;
  private final AtomicInteger kills = new AtomicInteger();
  private final Set<LivingProcess> asked = new HashSet<>();
  private final Set<LivingProcess> beyondReach = new HashSet<>();

  /**
   * @param signal what they are asked with
   * @param say tells the operator
   */
  LeftBehind(ProcessTag tag, Signal signal, Consumer<String> say) {
    this.tag = tag;
    this.signal = signal;
    this.say = say;
  }

  /** From now on they are killed. By any thread; again, for whoever is still there. */
  void kill() {
    kills.incrementAndGet();
  }

  /** Asks them to end, and returns when nobody is left. */
  void end() throws InterruptedException {
    List<LivingProcess> left = find();
    while (!left.isEmpty()) {
      int killed = kills.get();
      List<LivingProcess> unasked = left.stream().filter(asked::add).toList();
      if (!unasked.isEmpty()) {
        say.accept("Terminating what was left in the background: " + names(unasked));
      }
      if (killed > 0) {
        left.forEach(one -> send(one, Signal.KILL));
      } else {
        unasked.forEach(one -> send(one, signal));
      }
      while (kills.get() == killed && left.stream().anyMatch(this::isAwaited)) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
      left = find();
    }
  }

  private List<LivingProcess> find() {
    return tag.carriers().stream().filter(one -> !beyondReach.contains(one)).toList();
  }

  private boolean isAwaited(LivingProcess process) {
    return !beyondReach.contains(process) && process.isAlive();
  }

  /** Whoever became another user may be out of our reach, and is not waited for. */
  private void send(LivingProcess process, Signal what) {
    try {
      process.signal(what);
    } catch (LauncherException refused) {
      beyondReach.add(process);
      say.accept(String.valueOf(refused.getMessage()));
    }
  }

  private static String names(List<LivingProcess> processes) {
    String named =
        processes.stream()
            .limit(NAMED_MAX)
            .map(LivingProcess::toString)
            .collect(Collectors.joining(", "));
    int more = processes.size() - NAMED_MAX;
    return more > 0 ? named + " and " + more + " more" : named;
  }
}
