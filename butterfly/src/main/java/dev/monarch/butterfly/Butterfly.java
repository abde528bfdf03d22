package dev.monarch.butterfly;

import java.util.List;
import java.util.random.RandomGenerator;

/** Placeholder signatures; implementation follows. */
public final class Butterfly {
  public Butterfly(
      Identity identity,
      Settings settings,
      RingState restored,
      RandomGenerator random,
      long nowNanos) {}

  public List<Output> handle(Input input, long nowNanos) {
    return List.of();
  }

  public long nextDeadlineNanos() {
    return Long.MAX_VALUE;
  }

  public View view() {
    throw new IllegalStateException();
  }
}
