package dev.monarch.acceptance;

import java.time.Duration;
import java.util.function.Supplier;

/** Looks until what is expected has come true, or says what was seen instead. */
final class Waiting {
  /** Short beside every time of the protocol, long beside the cost of a look. */
  private static final long PAUSE_MILLIS = 100;

  /** Who does not answer a look for that long is not only busy. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(60);

  private Waiting() {}

  /**
   * What a look found.
   *
   * @param done whether it is what was waited for
   * @param seen for the message if it never is
   */
  record Look(boolean done, String seen) {}

  /** Waits and returns how long it took; an exception while looking counts as "not yet". */
  static Duration until(String expected, Duration within, Supplier<Look> look) {
    long start = System.nanoTime();
    while (true) {
      Look found = tryTo(look);
      Duration spent = Duration.ofNanos(System.nanoTime() - start);
      if (found.done()) {
        return spent;
      }
      if (spent.compareTo(within) > 0) {
        throw new AssertionError(
            "expected within "
                + seconds(within)
                + ": "
                + expected
                + "\nlast seen: "
                + found.seen());
      }
      pause();
    }
  }

  /**
   * Looks again and again for the whole span, and fails at once if the condition is broken. An
   * exception while looking says nothing about the condition: it is looked at again, but not for
   * ever.
   */
  static void throughout(String expected, Duration span, Supplier<Look> look) {
    long start = System.nanoTime();
    long lastAnswer = start;
    while (true) {
      boolean broken;
      String seen;
      try {
        Look found = look.get();
        lastAnswer = System.nanoTime();
        if (found.done() && lastAnswer - start >= span.toNanos()) {
          return;
        }
        broken = !found.done();
        seen = found.seen();
      } catch (RuntimeException e) {
        broken = System.nanoTime() - lastAnswer > SILENCE_MAX.toNanos();
        seen = e.toString();
      }
      if (broken) {
        throw new AssertionError(
            "expected for "
                + seconds(span)
                + ": "
                + expected
                + "\nseen after "
                + seconds(Duration.ofNanos(System.nanoTime() - start))
                + ": "
                + seen);
      }
      pause();
    }
  }

  private static Look tryTo(Supplier<Look> look) {
    try {
      return look.get();
    } catch (RuntimeException e) {
      return new Look(false, e.toString());
    }
  }

  static String seconds(Duration duration) {
    return "%.1f s".formatted(duration.toMillis() / 1000.0);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }
}
