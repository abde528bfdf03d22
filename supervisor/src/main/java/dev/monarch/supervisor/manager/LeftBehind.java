package dev.monarch.supervisor.manager;

import dev.monarch.launcher.LauncherException;
import dev.monarch.launcher.LivingProcess;
import dev.monarch.launcher.Signal;
import java.io.IOException;
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
 * again when those that were found are gone: they may have started others meanwhile. Where nobody
 * can look, nobody is gone: it is said once, and looked again.
 */
final class LeftBehind {
  /** Between two looks whether those that were signalled are gone. */
  private static final long LOOK_MILLIS = 5;

  /** Until another look after one that failed. */
  private static final long FAILED_LOOK_MILLIS = 200;

  /** A line is to be read. */
  private static final int NAMED_MAX = 8;

  private final Carriers carriers;
  private final Signal signal;
  private final Consumer<String> say;
  private final AtomicInteger kills = new AtomicInteger();
  private final Set<LivingProcess> asked = new HashSet<>();
  private final Set<LivingProcess> beyondReach = new HashSet<>();

  /** Who is left. */
  interface Carriers {
    List<LivingProcess> find() throws IOException;
  }

  /**
   * @param signal what they are asked with
   * @param say tells the operator
   */
  LeftBehind(Carriers carriers, Signal signal, Consumer<String> say) {
    this.carriers = carriers;
    this.signal = signal;
    this.say = say;
  }

  /** From now on they are killed. By any thread; again, for whoever is still there. */
  void kill() {
    kills.incrementAndGet();
  }

  /** Asks them to end, and returns when nobody is left. */
  void end() throws InterruptedException {
    boolean said = false;
    while (true) {
      try {
        endAll();
        return;
      } catch (IOException unseen) {
        if (!said) {
          said = true;
          say.accept(
              "Cannot see what was left in the background, and looks again until it can: "
                  + unseen.getMessage());
        }
        TimeUnit.MILLISECONDS.sleep(FAILED_LOOK_MILLIS);
      }
    }
  }

  private void endAll() throws IOException, InterruptedException {
    List<LivingProcess> left = find();
    while (!left.isEmpty()) {
      int killed = kills.get();
      List<LivingProcess> unasked = left.stream().filter(one -> !asked.contains(one)).toList();
      if (!unasked.isEmpty()) {
        say.accept("Terminating what was left in the background: " + names(unasked));
      }
      if (killed > 0) {
        sendAll(left, Signal.KILL);
      } else {
        sendAll(unasked, signal);
      }
      while (kills.get() == killed && isAnyAwaited(left)) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
      left = find();
    }
  }

  private List<LivingProcess> find() throws IOException {
    return carriers.find().stream().filter(one -> !beyondReach.contains(one)).toList();
  }

  private boolean isAnyAwaited(List<LivingProcess> processes) throws IOException {
    for (LivingProcess process : processes) {
      if (!beyondReach.contains(process) && process.isAlive()) {
        return true;
      }
    }
    return false;
  }

  /** Whoever became another user may be out of our reach, and is not waited for. */
  private void sendAll(List<LivingProcess> processes, Signal what) throws IOException {
    for (LivingProcess process : processes) {
      try {
        process.signal(what);
      } catch (LauncherException refused) {
        beyondReach.add(process);
        say.accept(String.valueOf(refused.getMessage()));
      }
      asked.add(process);
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
