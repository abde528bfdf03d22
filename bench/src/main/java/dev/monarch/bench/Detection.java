package dev.monarch.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How one kill was noticed, in seconds since the kill.
 *
 * @param suspectedFirst by the first survivor
 * @param suspectedLast by the last one; who learns of the death only counts from then
 */
record Detection(
    double suspectedFirst, double suspectedLast, double confirmedFirst, double confirmedLast) {

  /** One survivor's times. */
  record Sighting(double suspected, double confirmed) {}

  static Detection of(Collection<Sighting> survivors) {
    Distribution suspected = Distribution.of(survivors.stream().map(Sighting::suspected).toList());
    Distribution confirmed = Distribution.of(survivors.stream().map(Sighting::confirmed).toList());
    return new Detection(suspected.min(), suspected.max(), confirmed.min(), confirmed.max());
  }

  /** A row of the table: who was measured, how often, and the four times. */
  static List<String> row(String name, List<Detection> kills) {
    List<String> row = new ArrayList<>(List.of(name, String.valueOf(kills.size())));
    List<ToDoubleFunction<Detection>> columns =
        List.of(
            Detection::suspectedFirst,
            Detection::suspectedLast,
            Detection::confirmedFirst,
            Detection::confirmedLast);
    for (ToDoubleFunction<Detection> column : columns) {
      row.add(Distribution.of(kills.stream().map(column::applyAsDouble).toList()).text("%.1f"));
    }
    return row;
  }
}
