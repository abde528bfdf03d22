package dev.monarch.supervisor.ctl;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Cuts off what takes too long, where a socket has no time-out of its own: a write to a client that
 * does not read, a greeting in several messages.
 */
final class Deadlines implements AutoCloseable {
  private final ScheduledThreadPoolExecutor timer;

  /** Something is under way; closing this says that it is done. */
  interface Guard extends AutoCloseable {
    @Override
    void close();
  }

  Deadlines() {
    timer =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("ctl-deadlines").unstarted(task));
    timer.setRemoveOnCancelPolicy(true);
    // After the end every connection is closed anyway, and whoever still speaks finds that out.
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  /**
   * Lets something begin.
   *
   * @param cutOff called once if it is not done in time; it must not wait
   */
  Guard within(Duration time, Runnable cutOff) {
    ScheduledFuture<?> end = timer.schedule(cutOff, time.toNanos(), TimeUnit.NANOSECONDS);
    return () -> end.cancel(false);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
