package dev.monarch.bench;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * What one member of a ring has learned about another, as a line that its process prints.
 *
 * @param at when, on the clock of this machine, to the microsecond
 * @param node who learned it; members are numbered from 1
 * @param other whom it is about
 */
record Report(Instant at, int node, Kind kind, int other) {
  enum Kind {
    ALIVE,
    DEAD,
    /** The other one leads the group. */
    LEADS
  }

  static void print(int node, Kind kind, int other) {
    System.out.println(new Report(Instant.now(), node, kind, other).line());
  }

  String line() {
    return "%d %d %s %d"
        .formatted(
            ChronoUnit.MICROS.between(Instant.EPOCH, at),
            node,
            kind.name().toLowerCase(Locale.ROOT),
            other);
  }

  /**
   * Reads what {@link #line} wrote.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  static Report parse(String line) {
    String[] words = line.split(" ", -1);
    if (words.length != 4) {
      throw new IllegalArgumentException(
          "expected time, number, what is so and number, found '" + line + "'");
    }
    return new Report(
        Instant.EPOCH.plus(Long.parseLong(words[0]), ChronoUnit.MICROS),
        Integer.parseInt(words[1]),
        Kind.valueOf(words[2].toUpperCase(Locale.ROOT)),
        Integer.parseInt(words[3]));
  }
}
