package dev.monarch.butterfly.election;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;

/**
 * States that were found and the steps between them, for graphs of a hundred million: a state is
 * kept as a fingerprint of 64 bits only, some 40 bytes a state with its steps.
 *
 * <p>Two states could have one fingerprint, and then what follows from the second one is not looked
 * at. Among n states the odds of that are n² / 2^65: one in 7,000 for 70 million, one in four
 * million for three million ({@link #collisionOdds}).
 *
 * <p>States have numbers from 0, in the order in which they were found, and their steps are added
 * in that order too.
 */
final class StateGraph {
  private static final int CHUNK_INTS = 1 << 20;
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long[] fingerprints = new long[1 << 16];
  private int[] numbers = new int[1 << 16];
  private int[] foundFrom = new int[1 << 16];
  private byte[] stepCounts = new byte[1 << 16];
  private int[][] steps = new int[64][];
  private int size;
  private int expanded;
  private long stepsTotal;

  int size() {
    return size;
  }

  double collisionOdds() {
    return (double) size * size / Math.pow(2, 65);
  }

  /** A hash of all of a state. */
  static long fingerprint(int[] state) {
    long hash = state.length;
    for (int i = 0; i < state.length; i += 2) {
      long low = i + 1 < state.length ? state[i + 1] & 0xFFFF_FFFFL : 0;
      hash = mixed(hash ^ mixed(((long) state[i] << 32 | low) + GOLDEN * (i + 1)));
    }
    return hash == 0 ? 1 : hash;
  }

  private static long mixed(long bits) {
    long mixing = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixing = (mixing ^ (mixing >>> 27)) * 0x94D049BB133111EBL;
    return mixing ^ (mixing >>> 31);
  }

  /**
   * The number of a state.
   *
   * @param from the number of the state before it; -1 for the first
   * @return the complement of its number if it is new
   */
  int find(long fingerprint, int from) {
    if (2 * size >= fingerprints.length) {
      growTable();
    }
    int place = place(fingerprint);
    if (fingerprints[place] == fingerprint) {
      return numbers[place];
    }
    fingerprints[place] = fingerprint;
    numbers[place] = size;
    if (size == foundFrom.length) {
      foundFrom = Arrays.copyOf(foundFrom, size + size / 2);
      stepCounts = Arrays.copyOf(stepCounts, foundFrom.length);
    }
    foundFrom[size] = from;
    return ~size++;
  }

  private int place(long fingerprint) {
    int place = (int) (fingerprint >>> 32) & (fingerprints.length - 1);
    while (fingerprints[place] != 0 && fingerprints[place] != fingerprint) {
      place = (place + 1) & (fingerprints.length - 1);
    }
    return place;
  }

  private void growTable() {
    long[] before = fingerprints;
    int[] numbersBefore = numbers;
    fingerprints = new long[2 * before.length];
    numbers = new int[fingerprints.length];
    for (int i = 0; i < before.length; i++) {
      if (before[i] != 0) {
        int place = place(before[i]);
        fingerprints[place] = before[i];
        numbers[place] = numbersBefore[i];
      }
    }
  }

  /** A step from the state that is looked at. */
  void addStep(int to) {
    int chunk = (int) (stepsTotal / CHUNK_INTS);
    if (chunk == steps.length) {
      steps = Arrays.copyOf(steps, 2 * chunk);
    }
    if (stepsTotal % CHUNK_INTS == 0) {
      steps[chunk] = new int[CHUNK_INTS];
    }
    steps[chunk][(int) (stepsTotal % CHUNK_INTS)] = to;
    stepsTotal++;
    stepCounts[expanded]++;
  }

  /** All steps of the state that is looked at are known; the next one is looked at. */
  void next() {
    expanded++;
  }

  /** The state before, on a shortest way. */
  int foundFrom(int number) {
    return foundFrom[number];
  }

  /**
   * A state from which none of the ends can be reached. States whose steps are not known count as
   * if they reached one.
   */
  Optional<Integer> withoutWayTo(BitSet ends) {
    BitSet reaches = (BitSet) ends.clone();
    reaches.set(expanded, size);
    boolean grows = true;
    while (grows) {
      grows = false;
      long step = stepsTotal;
      for (int number = expanded - 1; number >= 0; number--) {
        int count = Byte.toUnsignedInt(stepCounts[number]);
        if (!reaches.get(number) && doesOneReach(step - count, step, reaches)) {
          reaches.set(number);
          grows = true;
        }
        step -= count;
      }
    }
    int without = reaches.nextClearBit(0);
    return without < size ? Optional.of(without) : Optional.empty();
  }

  private boolean doesOneReach(long first, long end, BitSet reaches) {
    for (long step = first; step < end; step++) {
      if (reaches.get(steps[(int) (step / CHUNK_INTS)][(int) (step % CHUNK_INTS)])) {
        return true;
      }
    }
    return false;
  }
}
