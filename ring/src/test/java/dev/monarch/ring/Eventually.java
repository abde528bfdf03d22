package dev.monarch.ring;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what really takes time. */
public final class Eventually {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private Eventually() {}

  /** Looks again and again until the condition holds; fails with what was seen last. */
  public static <T> T eventually(Supplier<T> look, Predicate<? super T> condition) {
    return eventually(DEADLINE, look, condition);
  }

  public static <T> T eventually(
      Duration deadline, Supplier<T> look, Predicate<? super T> condition) {
    long end = System.nanoTime() + deadline.toNanos();
    T seen = look.get();
    while (!condition.test(seen)) {
      if (System.nanoTime() > end) {
        fail("waited " + deadline + ", last seen: " + seen);
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted while waiting", e);
      }
      seen = look.get();
    }
    return seen;
  }
}
