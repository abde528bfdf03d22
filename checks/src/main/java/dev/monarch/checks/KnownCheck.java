package dev.monarch.checks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/**
 * A check of a specification whose list we keep, so that it is missed if no test claims it.
 *
 * @param check specification and number
 * @param awaits the part of the house it needs that is not built yet, else empty
 * @param title what it is about, in a few words
 */
record KnownCheck(String check, String awaits, String title) {
  static List<KnownCheck> all() {
    try (InputStream in =
        Objects.requireNonNull(KnownCheck.class.getResourceAsStream("known-checks.tsv"))) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .map(line -> line.split("\t", 3))
          .map(fields -> new KnownCheck(fields[0], fields[1], fields[2]))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
