package dev.monarch.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How one leader was replaced, in seconds since it was killed.
 *
 * @param deathFirst the first survivor holds it dead
 * @param deathLast all of them do
 * @param agreed all of them know the same new leader, for good
 */
record Takeover(double deathFirst, double deathLast, double agreed) {

  /** One survivor's times. */
  record Sighting(double death, double leader) {}

  static Takeover of(Collection<Sighting> survivors) {
    Distribution death = Distribution.of(survivors.stream().map(Sighting::death).toList());
    Distribution leader = Distribution.of(survivors.stream().map(Sighting::leader).toList());
    return new Takeover(death.min(), death.max(), leader.max());
  }

  /** The election alone: negative if there was agreement before the last one knew of the death. */
  double sinceDeathLast() {
    return agreed - deathLast;
  }

  /** A row of the table: who was measured, how often, and the times. */
  static List<String> row(String name, List<Takeover> kills) {
    List<String> row = new ArrayList<>(List.of(name, String.valueOf(kills.size())));
    List<ToDoubleFunction<Takeover>> columns =
        List.of(
            Takeover::deathFirst, Takeover::deathLast, Takeover::agreed, Takeover::sinceDeathLast);
    for (ToDoubleFunction<Takeover> column : columns) {
      row.add(distribution(kills, column).text("%.2f"));
    }
    row.add("%.2f".formatted(distribution(kills, Takeover::sinceDeathLast).quantile(0.99)));
    return row;
  }

  private static Distribution distribution(
      List<Takeover> kills, ToDoubleFunction<Takeover> column) {
    return Distribution.of(kills.stream().map(column::applyAsDouble).toList());
  }
}
