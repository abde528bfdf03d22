package dev.monarch.acceptance;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a Supervisor wrote with {@code --ring-log}: one JSON line for each change of a member. */
record RingLog(Path file) {
  /**
   * A change.
   *
   * @param at on the wall clock, which all processes of a test share
   */
  record Change(Instant at, String member, String from, String to, BigInteger incarnation) {}

  List<Change> changes() {
    try {
      return Files.readString(file)
          .lines()
          .map(Json::parse)
          .map(
              line ->
                  new Change(
                      Instant.parse(line.text("at")),
                      line.text("member"),
                      line.text("from"),
                      line.text("to"),
                      line.number("incarnation")))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the ring log " + file, e);
    }
  }

  /** The first time after that moment that the member became what is asked for. */
  Optional<Instant> first(String member, String to, Instant after) {
    return changes().stream()
        .filter(
            change ->
                change.member().equals(member)
                    && change.to().equals(to)
                    && !change.at().isBefore(after))
        .map(Change::at)
        .findFirst();
  }

  /** All changes of that member after that moment. */
  List<Change> since(String member, Instant after) {
    return changes().stream()
        .filter(change -> change.member().equals(member) && !change.at().isBefore(after))
        .toList();
  }
}
