package dev.monarch.bench;

import java.util.Collection;
import java.util.List;

/** Measured values in ascending order; there is at least one. */
record Distribution(List<Double> sorted) {
  Distribution {
    if (sorted.isEmpty()) {
      throw new IllegalArgumentException("expected at least one measured value, found none");
    }
    sorted = sorted.stream().sorted().toList();
  }

  static Distribution of(Collection<Double> values) {
    return new Distribution(List.copyOf(values));
  }

  int count() {
    return sorted.size();
  }

  double min() {
    return sorted.getFirst();
  }

  double median() {
    return quantile(0.5);
  }

  double max() {
    return sorted.getLast();
  }

  /** The value below which this part of the others lies, interpolated between two neighbours. */
  double quantile(double part) {
    if (!(part >= 0 && part <= 1)) {
      throw new IllegalArgumentException("expected a part of 0 to 1, found " + part);
    }
    double place = part * (sorted.size() - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
  }

  /** Median with the extremes in parentheses; one value stands alone. */
  String text(String format) {
    String median = format.formatted(median());
    return count() == 1
        ? median
        : median + " (" + format.formatted(min()) + "–" + format.formatted(max()) + ")";
  }
}
