package dev.monarch.supervisor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long things took, counted in classes. Kinds are constants, so that nobody can make many. */
public final class Durations<K extends Enum<K>> {
  /** The classes of Prometheus's own libraries; the last one has no bound. */
  public static final List<Duration> BOUNDS =
      List.of(
          Duration.ofMillis(5),
          Duration.ofMillis(10),
          Duration.ofMillis(25),
          Duration.ofMillis(50),
          Duration.ofMillis(100),
          Duration.ofMillis(250),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofMillis(2_500),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10));

  private final Map<K, Row> rows;

  public Durations(Class<K> kinds) {
    this.rows = new EnumMap<>(kinds);
  }

  /**
   * What was counted of one kind.
   *
   * @param counts one for each bound, and one for what took longer; not added up
   */
  public record Row(List<Long> counts, Duration sum) {
    public Row {
      counts = List.copyOf(counts);
    }
  }

  public synchronized void count(K kind, Duration took) {
    Row before =
        rows.getOrDefault(kind, new Row(Collections.nCopies(BOUNDS.size() + 1, 0L), Duration.ZERO));
    List<Long> counts = new ArrayList<>(before.counts());
    int place = 0;
    while (place < BOUNDS.size() && took.compareTo(BOUNDS.get(place)) > 0) {
      place++;
    }
    counts.set(place, counts.get(place) + 1);
    rows.put(kind, new Row(counts, before.sum().plus(took)));
  }

  /** By kind, of those that happened. */
  public synchronized Map<K, Row> snapshot() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(rows));
  }
}
