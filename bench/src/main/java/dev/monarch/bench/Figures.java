package dev.monarch.bench;

import java.util.Locale;

/** How figures are written. */
final class Figures {
  private Figures() {}

  /** Median and extremes of a rate: {@code 812 k (790 k–820 k)}. */
  static String perSecond(Distribution rates) {
    return rate(rates.median()) + " (" + rate(rates.min()) + "–" + rate(rates.max()) + ")";
  }

  /** Three digits and a unit, which is more than any rate here deserves. */
  static String rate(double value) {
    if (value >= 1e6) {
      return digits(value / 1e6) + " M";
    }
    return value >= 1e3 ? digits(value / 1e3) + " k" : digits(value);
  }

  private static String digits(double value) {
    int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
