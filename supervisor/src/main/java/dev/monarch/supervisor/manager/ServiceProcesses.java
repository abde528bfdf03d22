package dev.monarch.supervisor.manager;

import dev.monarch.launcher.LauncherException;
import dev.monarch.launcher.ProcessGroups;
import dev.monarch.launcher.ProcessTag;
import dev.monarch.launcher.RunningService;
import dev.monarch.launcher.Signal;
import dev.monarch.launcher.SpawnRequest;
import dev.monarch.ring.disk.AtomicFile;
import dev.monarch.supervisor.hooks.HookCommand;
import dev.monarch.supervisor.hooks.HookRunner;
import dev.monarch.supervisor.service.Hook;
import dev.monarch.supervisor.service.HookResult;
import dev.monarch.supervisor.service.Line;
import dev.monarch.supervisor.service.ServiceInput;
import dev.monarch.supervisor.service.ServiceOutput;
import dev.monarch.wire.ServiceGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The processes of one service: its hooks, its process, and what they left in the background. What
 * {@code post-stop} leaves there outlives the service, as does what {@code install} leaves, which
 * runs before there is a service ({@link Preparing}).
 *
 * <p>What is asked here, on the loop's thread, returns at once; what may wait runs on the owner's
 * worker or on a thread of its own, and its end is told on the loop's thread.
 */
final class ServiceProcesses {
  /** Between two looks whether a group that was signalled is gone; the original's. */
  private static final long LOOK_MILLIS = 5;

  private final String name;
  private final House house;
  private final Owner owner;
  private final Map<Long, HookRunner.Run> hooks = new HashMap<>();

  /** All that {@code init}, {@code run} and the hooks beside it start carries it. */
  private ProcessTag tag = ProcessTag.random();

  private Optional<LeftBehind> leftBehind = Optional.empty();

  /** Whose processes they are. */
  interface Owner {
    ServiceGroup group();

    /** Does something on the owner's worker, behind what was begun before. */
    void work(Runnable task);

    /** Does something on the loop's thread, unless the owner is gone by then. By any thread. */
    void post(Runnable task);

    /** Takes an answer; on the loop's thread. */
    void tell(ServiceInput input);
  }

  ServiceProcesses(String name, House house, Owner owner) {
    this.name = name;
    this.house = house;
    this.owner = owner;
  }

  /** A former Supervisor started this process. */
  void adopt(RunningService running) {
    tag = running.tag();
  }

  void run(ServiceOutput.RunHook run, Preparation ready) {
    var command =
        new HookCommand(
            owner.group().text(),
            run.hook(),
            ready.tree().hooks().resolve(run.hook().fileName()),
            ready.tree().logs(),
            ready.environment(),
            ready.ownership().runAs(),
            run.hook() == Hook.POST_STOP ? ProcessTag.random() : tag);
    hooks.put(
        run.runId(),
        house
            .premises()
            .hooks()
            .start(
                command, run.limit(), result -> owner.post(() -> hookEnded(run.runId(), result))));
  }

  void cancel(long runId) {
    Optional.ofNullable(hooks.get(runId)).ifPresent(HookRunner.Run::cancel);
  }

  private void hookEnded(long runId, HookResult result) {
    hooks.remove(runId);
    owner.tell(new ServiceInput.HookEnded(runId, result));
  }

  /**
   * Starts the service's process on the worker, behind what it reads, and writes the PID file.
   *
   * @param timeout from the signal to {@code KILL} if the spec says so
   */
  void start(Preparation ready, Optional<Duration> timeout) {
    SpawnRequest request =
        new SpawnRequest(
            owner.group().text(),
            ready.tree().run(),
            ready.environment(),
            ready.ownership().runAs(),
            known(ready.facts().shutdownSignal()),
            timeout.orElse(ready.facts().shutdownTimeout()),
            tag);
    owner.work(
        () -> {
          try {
            int pid = house.premises().processes().spawn(request);
            writePidFile(ready.tree().pidFile(), pid);
            owner.post(() -> owner.tell(new ServiceInput.ProcessStarted(pid)));
          } catch (LauncherException failed) {
            owner.post(
                () ->
                    owner.tell(
                        new ServiceInput.ProcessNotStarted(String.valueOf(failed.getMessage()))));
          }
        });
  }

  private void writePidFile(Path file, int pid) {
    try {
      AtomicFile.write(
          file, Integer.toString(pid).getBytes(StandardCharsets.US_ASCII), AtomicFile.PUBLIC);
    } catch (IOException failure) {
      say("SV", "cannot write " + file + ": " + AtomicFile.reason(failure));
    }
  }

  void removePidFile(Preparation ready) {
    owner.work(
        () -> {
          try {
            Files.deleteIfExists(ready.tree().pidFile());
          } catch (IOException failure) {
            say(
                "SV",
                "cannot remove %s: %s"
                    .formatted(ready.tree().pidFile(), AtomicFile.reason(failure)));
          }
        });
  }

  /** Signals the group of a process and tells when nobody is left of it. */
  void signal(int pid, String signal) {
    Thread.ofVirtual()
        .name("stop-" + name)
        .start(
            () -> {
              send(pid, known(signal));
              awaitGone(pid);
            });
  }

  /** Runs on a thread of its own. */
  private void awaitGone(int pid) {
    try {
      while (ProcessGroups.isAlive(pid)) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
      owner.post(() -> owner.tell(new ServiceInput.GroupGone(pid)));
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends who was left behind and tells when nobody is. */
  void endLeftBehind(String signal) {
    var left = new LeftBehind(tag::carriers, known(signal), text -> say("ST", text));
    leftBehind = Optional.of(left);
    Thread.ofVirtual()
        .name("left-behind-" + name)
        .start(
            () -> {
              try {
                left.end();
                owner.post(() -> owner.tell(new ServiceInput.LeftBehindGone()));
              } catch (InterruptedException nobodyDoes) {
                Thread.currentThread().interrupt();
              }
            });
  }

  void killLeftBehind() {
    leftBehind.ifPresent(LeftBehind::kill);
  }

  void kill(int pid) {
    Thread.ofVirtual().name("kill-" + name).start(() -> send(pid, Signal.KILL));
  }

  private static Signal known(String signal) {
    return Signal.named(signal).orElse(Signal.TERM);
  }

  /** Runs on a thread of its own. Without a Launcher we do it ourselves. */
  private void send(int pid, Signal signal) {
    try {
      house.premises().processes().signal(pid, signal);
    } catch (LauncherException launcherLost) {
      try {
        ProcessGroups.signal(pid, signal);
      } catch (LauncherException refused) {
        say("ST", String.valueOf(refused.getMessage()));
      }
    }
  }

  private void say(String key, String text) {
    house.say(new Line(owner.group().text(), key, text));
  }
}
