package dev.monarch.launcher;

import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what other processes do, and tells what it last saw if they do not. */
final class Eventually {
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private Eventually() {}

  static <T> T eventually(Supplier<T> look, Predicate<T> wanted) {
    long end = System.nanoTime() + DEADLINE_NANOS;
    while (true) {
      T seen = look.get();
      if (wanted.test(seen)) {
        return seen;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain, last seen: " + seen);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException(interrupted);
      }
    }
  }
}
