package dev.monarch.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * How often something can be done in a second of processor time, on one thread.
 *
 * <p>The work is repeated in batches of at least {@value #BATCH_MILLIS} ms, first until the
 * compiler is done with it, then in rounds that are reported one by one. What the work computes is
 * summed up and kept, so that none of it can be left out. There is one JVM for all of it: whoever
 * needs the last few per cent forks one for each, as JMH does; here the rounds show how far to
 * trust a figure.
 */
final class Rounds {
  /** Work that does its thing so many times and returns something that depends on all of it. */
  @FunctionalInterface
  interface Work {
    long repeat(int times);
  }

  private static final int BATCH_MILLIS = 20;
  private static final double WARM_UP_SECONDS = 1;
  private static final double ROUND_SECONDS = 0.4;
  private static final int ROUNDS = 5;

  private Rounds() {}

  static Distribution perSecond(Work work) {
    int batch = batchSize(work);
    round(work, batch, WARM_UP_SECONDS);
    batch = batchSize(work);
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      rates.add(round(work, batch, ROUND_SECONDS));
    }
    return Distribution.of(rates);
  }

  private static int batchSize(Work work) {
    int times = 1;
    while (true) {
      long start = System.nanoTime();
      keep(work.repeat(times));
      if (System.nanoTime() - start >= BATCH_MILLIS * 1_000_000L || times > 1 << 28) {
        return times;
      }
      times *= 2;
    }
  }

  /** Looks at a result, so that nothing it depends on can be left out. */
  private static void keep(long result) {
    if (result == Long.MIN_VALUE) {
      throw new IllegalStateException("expected another result than " + result);
    }
  }

  private static double round(Work work, int batch, double seconds) {
    double start = ProcessorTime.seconds();
    double spent = 0;
    long done = 0;
    while (spent < seconds) {
      keep(work.repeat(batch));
      done += batch;
      spent = ProcessorTime.seconds() - start;
    }
    return done / spent;
  }
}
