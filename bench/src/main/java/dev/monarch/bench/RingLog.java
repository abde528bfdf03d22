package dev.monarch.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the lines that {@code --ring-log} writes. */
final class RingLog {
  private RingLog() {}

  /** When a member became suspect and confirmed after an instant; empty if not confirmed yet. */
  static Optional<Detection.Sighting> sighting(String log, String memberId, Instant since) {
    Optional<Double> suspected = Optional.empty();
    for (String line : log.split("\n", -1)) {
      if (!value(line, "member").equals(Optional.of(memberId))) {
        continue;
      }
      Optional<Instant> at = value(line, "at").map(Instant::parse).filter(since::isBefore);
      String to = value(line, "to").orElse("");
      if (at.isPresent() && (to.equals("suspect") || to.equals("confirmed"))) {
        double seconds = Duration.between(since, at.get()).toNanos() / 1e9;
        suspected = suspected.or(() -> Optional.of(seconds));
        if (to.equals("confirmed")) {
          return Optional.of(new Detection.Sighting(suspected.orElse(seconds), seconds));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> value(String line, String key) {
    Matcher matcher = Pattern.compile("\"" + key + "\"\\s*:\\s*\"([^\"]*)\"").matcher(line);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
