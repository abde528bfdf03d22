package dev.monarch.simulator;

import java.util.SplittableRandom;

/**
 * All chance of a run, from one seed. Every purpose has its own stream, derived from the seed and
 * the purpose's name, so that one more consumer does not disturb the others.
 */
record Randomness(long seed) {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  SplittableRandom stream(String purpose) {
    return stream(purpose, 0, 0);
  }

  /** A stream for the {@code number}-th thing of a purpose in its {@code generation}. */
  SplittableRandom stream(String purpose, int number, int generation) {
    long mixed = seed * GOLDEN;
    mixed = mix(mixed ^ purpose.hashCode());
    mixed = mix(mixed + number * GOLDEN);
    return new SplittableRandom(mix(mixed + generation * GOLDEN));
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
