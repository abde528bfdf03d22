package dev.monarch.supervisor.manager;

import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that changes anything. Tasks are run in the order they came; after each the owner
 * is asked when it wants to be woken up.
 *
 * <p>Nothing here may wait: a task that does delays every service.
 */
final class Loop {
  /** What the thread works for. */
  interface Owner {
    /** A task was run, or the time has come that was asked for. */
    void turn(long nowNanos);

    /** On {@link System#nanoTime()}'s clock; {@link Long#MAX_VALUE} for never. */
    long nextDeadlineNanos();

    /** A task failed; the loop goes on. */
    void failed(Throwable cause);
  }

  /** When to look again if there is nothing to wait for. */
  private static final long LONG_NANOS = TimeUnit.HOURS.toNanos(1);

  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final Owner owner;
  private final Thread thread;
  private volatile boolean ended;
  private long turnBeganNanos;

  Loop(String name, Owner owner) {
    this.owner = owner;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Returns at once; ignored after the end. */
  void post(Runnable task) {
    if (!ended) {
      tasks.add(task);
    }
  }

  /** Lets the thread end after the present task. */
  void end() {
    ended = true;
    tasks.add(() -> {});
  }

  /** When the present turn began; for the loop's own thread. */
  long turnBeganNanos() {
    return turnBeganNanos;
  }

  private void run() {
    while (!ended) {
      try {
        Optional<Runnable> first = next();
        turnBeganNanos = System.nanoTime();
        first.ifPresent(this::carryOut);
        // What came meanwhile is taken in the same turn, so that a swarm is looked at once.
        for (Runnable more = tasks.poll(); more != null && !ended; more = tasks.poll()) {
          carryOut(more);
        }
        owner.turn(System.nanoTime());
      } catch (InterruptedException nobodyDoes) {
        return;
      } catch (RuntimeException | Error failure) {
        owner.failed(failure);
      }
    }
  }

  /** A task that fails keeps neither the next one nor the turn from coming. */
  private void carryOut(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error failure) {
      owner.failed(failure);
    }
  }

  private Optional<Runnable> next() throws InterruptedException {
    long deadline = owner.nextDeadlineNanos();
    long wait = deadline == Long.MAX_VALUE ? LONG_NANOS : deadline - System.nanoTime();
    return Optional.ofNullable(tasks.poll(Math.clamp(wait, 0, LONG_NANOS), TimeUnit.NANOSECONDS));
  }
}
