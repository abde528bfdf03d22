package dev.monarch.supervisor;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what really takes time. */
public final class Eventually {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** On a slow machine a look may cost much; what is waited for needs the time more. */
  private static final long LOOKING_SHARE = 4;

  private Eventually() {}

  /** Looks again and again until the condition holds; fails with what was seen last. */
  public static <T> T eventually(Supplier<T> look, Predicate<? super T> condition) {
    return eventually(DEADLINE, look, condition);
  }

  public static <T> T eventually(
      Duration deadline, Supplier<T> look, Predicate<? super T> condition) {
    long end = System.nanoTime() + deadline.toNanos();
    while (true) {
      long begin = System.nanoTime();
      T seen = look.get();
      if (condition.test(seen)) {
        return seen;
      }
      long now = System.nanoTime();
      if (now > end) {
        fail("waited " + deadline + ", last seen: " + seen);
      }
      pause(Math.max(PAUSE_NANOS, LOOKING_SHARE * (now - begin)));
    }
  }

  private static void pause(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }
}
