package dev.monarch.launcher;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Waits for what other processes do, and tells what it last saw if they do not. */
final class Eventually {
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private Eventually() {}

  static <T> T eventually(Callable<T> look, Predicate<T> wanted) {
    long end = System.nanoTime() + DEADLINE_NANOS;
    while (true) {
      T seen = seen(look);
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

  private static <T> T seen(Callable<T> look) {
    try {
      return look.call();
    } catch (RuntimeException failure) {
      throw failure;
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}
