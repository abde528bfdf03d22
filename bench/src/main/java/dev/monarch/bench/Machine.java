package dev.monarch.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/** What the figures were measured on. */
final class Machine {
  private Machine() {}

  static String describe() {
    return "%s · %d processors, %s · %.0f GB · %s · Java %s, %s"
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            Runtime.getRuntime().availableProcessors(),
            value(Path.of("/proc/cpuinfo"), "model name", ":"),
            ProcText.kilobytes(read(Path.of("/proc/meminfo")), "MemTotal") / 1e6,
            value(Path.of("/etc/os-release"), "PRETTY_NAME", "=").replace("\"", ""),
            Runtime.version(),
            System.getProperty("java.vendor"));
  }

  /** The load of the last minute; what is measured here is part of it. */
  static String load() {
    return read(Path.of("/proc/loadavg")).split(" ", 2)[0];
  }

  /** Nanoseconds since the epoch. */
  static long wallNanos() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  private static String value(Path file, String key, String separator) {
    for (String line : read(file).split("\n", -1)) {
      if (line.startsWith(key)) {
        return line.substring(line.indexOf(separator) + 1).strip();
      }
    }
    return "unknown " + key;
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + "; this needs Linux", e);
    }
  }
}
