package dev.monarch.butterfly.election;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/**
 * How long a group was without a finished election, as one of its members saw it. That time begins
 * when it is known that the leader is lost; how long a death takes to be known is not in it.
 *
 * @param counts elections that finished, by duration: one number for each bound, and one for what
 *     took longer; not added up
 * @param finishedNanos how long they took together
 * @param openNanos since when an election is under way, or waits for a quorum; empty if one is
 *     finished
 */
public record Tally(List<Long> counts, long finishedNanos, OptionalLong openNanos) {
  /** The classes, each with its greatest duration. */
  public static final List<Duration> BOUNDS =
      List.of(
          Duration.ofMillis(10),
          Duration.ofMillis(25),
          Duration.ofMillis(50),
          Duration.ofMillis(100),
          Duration.ofMillis(250),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofMillis(2_500),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60));

  static final Tally NOTHING =
      new Tally(Collections.nCopies(BOUNDS.size() + 1, 0L), 0, OptionalLong.empty());

  public Tally {
    counts = List.copyOf(counts);
    if (counts.size() != BOUNDS.size() + 1) {
      throw new IllegalArgumentException(
          "expected %d counts, found %d".formatted(BOUNDS.size() + 1, counts.size()));
    }
  }

  /** All the time without a leader until now. */
  public Duration withoutLeader(long nowNanos) {
    long open = openNanos.isPresent() ? Math.max(0, nowNanos - openNanos.getAsLong()) : 0;
    return Duration.ofNanos(finishedNanos + open);
  }

  /** The election is under way, whether it has begun now or before. */
  Tally opened(long nowNanos) {
    return openNanos.isPresent()
        ? this
        : new Tally(counts, finishedNanos, OptionalLong.of(nowNanos));
  }

  /** The election is finished; one that nobody saw begin is not counted. */
  Tally finished(long nowNanos) {
    if (openNanos.isEmpty()) {
      return this;
    }
    long took = Math.max(0, nowNanos - openNanos.getAsLong());
    int place = 0;
    while (place < BOUNDS.size() && took > BOUNDS.get(place).toNanos()) {
      place++;
    }
    List<Long> grown = new ArrayList<>(counts);
    grown.set(place, grown.get(place) + 1);
    return new Tally(grown, finishedNanos + took, OptionalLong.empty());
  }
}
