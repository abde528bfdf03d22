package dev.monarch.supervisor.hooks;

import dev.monarch.supervisor.service.Hook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How long hooks took, counted in classes; there are as many rows as there are hooks. */
public final class HookDurations {
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

  private final Map<Hook, Row> rows = new EnumMap<>(Hook.class);

  /**
   * What was counted for one hook.
   *
   * @param counts one for each bound, and one for what took longer; not added up
   */
  public record Row(List<Long> counts, Duration sum) {
    public Row {
      counts = List.copyOf(counts);
    }
  }

  synchronized void count(Hook hook, Duration took) {
    Row before =
        rows.getOrDefault(hook, new Row(Collections.nCopies(BOUNDS.size() + 1, 0L), Duration.ZERO));
    List<Long> counts = new ArrayList<>(before.counts());
    int place = 0;
    while (place < BOUNDS.size() && took.compareTo(BOUNDS.get(place)) > 0) {
      place++;
    }
    counts.set(place, counts.get(place) + 1);
    rows.put(hook, new Row(counts, before.sum().plus(took)));
  }

  /** By hook, of those that ran. */
  public synchronized Map<Hook, Row> snapshot() {
    return Collections.unmodifiableMap(new EnumMap<>(rows));
  }
}
