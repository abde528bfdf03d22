package dev.monarch.supervisor;

import dev.monarch.ring.RingEvent.MemberChanged;
import dev.monarch.supervisor.http.Json;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * Writes every change of the membership down, one JSON object a line, for measurements:
 *
 * <pre>
 *   {"at_ns":…,"at":"2026-01-02T03:04:05.678Z","member":"…","name":"192.0.2.1:9638",
 *    "from":"alive","to":"suspect","incarnation":0}
 * </pre>
 *
 * {@code at_ns} is a monotonic clock's, for spans between lines of one machine; {@code from} is
 * null for a member that was not known before. A line is in the file before the next event is
 * looked at.
 */
final class RingLog implements AutoCloseable {
  private final FileChannel file;

  private RingLog(FileChannel file) {
    this.file = file;
  }

  static RingLog append(Path path) throws StartException {
    try {
      return new RingLog(
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    } catch (IOException failure) {
      throw new StartException(
          "expected to append to the ring log %s, found: %s; name another file with --ring-log"
              .formatted(path, Cause.of(failure)),
          failure);
    }
  }

  void write(MemberChanged change) throws IOException {
    Member member = change.member();
    byte[] object =
        Json.object(
            json -> {
              json.number("at_ns", change.atNanos());
              json.text("at", change.at().toString());
              json.text("member", member.id());
              json.text("name", member.address() + ":" + member.swimPort());
              json.text("from", change.from().map(RingLog::text));
              json.text("to", text(change.to()));
              json.unsigned("incarnation", member.incarnation());
            });
    ByteBuffer line = ByteBuffer.allocate(object.length + 1).put(object).put((byte) '\n').flip();
    while (line.hasRemaining()) {
      file.write(line);
    }
  }

  private static String text(Health health) {
    return health.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException lost) {
      // Every line was handed to the system when it was written.
    }
  }
}
