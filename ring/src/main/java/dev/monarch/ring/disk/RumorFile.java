package dev.monarch.ring.disk;

import dev.monarch.butterfly.RingState;
import dev.monarch.wire.Decoded;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.DepartureRumor;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionUpdateRumor;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.RumorCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The rumor file (butterfly.md 10.2): a header with the lengths of seven sections, then the
 * sections; in each section records, each after its length. All numbers are little-endian.
 *
 * <pre>
 *   version 2:  2 | 64 | seven lengths | sections    written and read
 *   version 1:  1 |      six lengths   | sections    read; it knows no departures
 * </pre>
 *
 * <p>A file that is not a rumor file at all is never touched: reading it fails. One that is damaged
 * further down gives what can be read; every loss is told, and a copy of the damaged file is kept
 * beside it before the next write. Unlike the original, a single bad record costs only itself
 * (W19).
 */
public final class RumorFile {
  private static final byte VERSION_1 = 1;
  private static final byte VERSION_2 = 2;
  private static final int SECTIONS_1 = 6;
  private static final int SECTIONS_2 = 7;
  private static final int HEADER_BYTES_1 = 1 + 8 * SECTIONS_1;
  private static final int HEADER_BYTES_2 = 1 + 8 + 8 * SECTIONS_2;

  /** What version 2 writes as its header's size: everything after the version. */
  private static final long HEADER_SIZE_FIELD = HEADER_BYTES_2 - 1;

  /** A ring of 10,000 members with a service each has a tenth of that; more is no rumor file. */
  private static final long FILE_BYTES_MAX = 256L * 1024 * 1024;

  /** Damage is told record by record up to here, then summed up. */
  private static final int PROBLEMS_TOLD_MAX = 20;

  private static final List<String> SECTION_NAMES =
      List.of(
          "membership",
          "service",
          "service config",
          "service file",
          "election",
          "election update",
          "departure");

  /**
   * What was read.
   *
   * @param problems a line for each loss
   * @param absent true if there was no file, or an empty one
   */
  public record Content(RingState state, List<String> problems, boolean absent) {
    public Content {
      problems = List.copyOf(problems);
    }
  }

  private final Path path;

  public RumorFile(Path path) {
    this.path = path;
  }

  /** Reads the file; missing and empty ones count as an empty state. */
  public Content read() throws UnusableFileException {
    try {
      if (Files.notExists(path) || Files.size(path) == 0) {
        return new Content(RingState.EMPTY, List.of(), true);
      }
      if (Files.size(path) > FILE_BYTES_MAX) {
        throw foreign("it has " + Files.size(path) + " bytes");
      }
      Content content = parse(Files.readAllBytes(path));
      if (!content.problems().isEmpty()) {
        keepDamaged();
      }
      return content;
    } catch (IOException e) {
      throw new UnusableFileException(
          "cannot read "
              + path
              + ": "
              + AtomicFile.reason(e)
              + "; make it a file readable for this user",
          e);
    }
  }

  private void keepDamaged() {
    try {
      Files.copy(
          path,
          path.resolveSibling(path.getFileName() + ".damaged"),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // A copy for curious people; its loss is told by its absence.
    }
  }

  private UnusableFileException foreign(String found) {
    return new UnusableFileException(
        "expected a rumor file in " + path + ", but " + found + "; move it away to start without");
  }

  private Content parse(byte[] bytes) throws UnusableFileException {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    byte version = in.get();
    if (version != VERSION_1 && version != VERSION_2) {
      throw foreign("its first byte is " + (version & 0xff) + ", not version 1 or 2");
    }
    int headerBytes = version == VERSION_1 ? HEADER_BYTES_1 : HEADER_BYTES_2;
    if (bytes.length < headerBytes) {
      throw foreign("it ends within the header, after " + bytes.length + " bytes");
    }
    if (version == VERSION_2) {
      long size = in.getLong();
      if (size != HEADER_SIZE_FIELD) {
        throw foreign("its header claims " + Long.toUnsignedString(size) + " bytes, not 64");
      }
    }
    int sections = version == VERSION_1 ? SECTIONS_1 : SECTIONS_2;
    long[] lengths = new long[sections];
    for (int i = 0; i < sections; i++) {
      lengths[i] = in.getLong();
      if (lengths[i] < 0 || lengths[i] > FILE_BYTES_MAX) {
        throw foreign(
            "its section "
                + SECTION_NAMES.get(i)
                + " claims "
                + Long.toUnsignedString(lengths[i])
                + " bytes");
      }
    }
    Reader reader = new Reader();
    for (int i = 0; i < sections; i++) {
      reader.section(in, i, (int) lengths[i]);
    }
    return reader.content();
  }

  /** Replaces the file. A failure says all in one line. */
  public void write(RingState state) throws IOException {
    AtomicFile.writeOrSay(path, encode(state));
  }

  static byte[] encode(RingState state) {
    List<byte[]> sections =
        List.of(
            section(state.members().stream().map(RumorCodec::encode)),
            section(encoded(state.services(), Function.identity())),
            section(encoded(state.serviceConfigs(), Function.identity())),
            section(encoded(state.serviceFiles(), Function.identity())),
            section(encoded(state.elections(), ElectionRumor::new)),
            section(encoded(state.updateElections(), ElectionUpdateRumor::new)),
            section(encoded(state.departures(), Function.identity())));
    int total = sections.stream().mapToInt(section -> section.length).sum();
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES_2 + total).order(ByteOrder.LITTLE_ENDIAN);
    out.put(VERSION_2).putLong(HEADER_SIZE_FIELD);
    sections.forEach(section -> out.putLong(section.length));
    sections.forEach(out::put);
    return out.array();
  }

  private static <T> Stream<byte[]> encoded(List<T> values, Function<T, ? extends Rumor> toRumor) {
    return values.stream().map(value -> RumorCodec.encode(toRumor.apply(value)));
  }

  private static byte[] section(Stream<byte[]> records) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    records.forEach(
        record -> {
          out.writeBytes(
              ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(record.length).array());
          out.writeBytes(record);
        });
    return out.toByteArray();
  }

  private static final class Reader {
    private final List<Membership> members = new ArrayList<>();
    private final List<ServiceRumor> services = new ArrayList<>();
    private final List<ServiceConfigRumor> configs = new ArrayList<>();
    private final List<ServiceFileRumor> files = new ArrayList<>();
    private final List<Election> elections = new ArrayList<>();
    private final List<Election> updateElections = new ArrayList<>();
    private final List<DepartureRumor> departures = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private int problemsUntold;

    void section(ByteBuffer in, int index, int length) {
      boolean truncated = length > in.remaining();
      if (truncated) {
        problem(
            index, "expected " + length + " bytes, found " + in.remaining() + "; the rest is lost");
      }
      int end = in.position() + Math.min(length, in.remaining());
      while (in.position() < end) {
        long size = end - in.position() < 8 ? Long.MAX_VALUE : in.getLong();
        if (size < 0 || size > end - in.position()) {
          if (!truncated) {
            problem(index, "a record is longer than what is left; the section's rest is lost");
          }
          in.position(end);
          return;
        }
        byte[] record = new byte[(int) size];
        in.get(record);
        record(index, record);
      }
    }

    private void record(int index, byte[] bytes) {
      if (index == 0) {
        switch (RumorCodec.decodeMembership(bytes)) {
          case Decoded.Accepted<Membership>(Membership value, int dropped) -> members.add(value);
          case Decoded.Rejected<Membership> rejected -> skipped(index, rejected.detail());
        }
        return;
      }
      switch (RumorCodec.decode(bytes)) {
        case Decoded.Accepted<Rumor>(Rumor value, int dropped) -> rumor(index, value);
        case Decoded.Rejected<Rumor> rejected -> skipped(index, rejected.detail());
      }
    }

    private void rumor(int index, Rumor rumor) {
      boolean inPlace =
          switch (rumor) {
            case Rumor.MemberRumor member -> false;
            case ServiceRumor service -> index == 1 && services.add(service);
            case ServiceConfigRumor config -> index == 2 && configs.add(config);
            case ServiceFileRumor file -> index == 3 && files.add(file);
            case ElectionRumor election -> index == 4 && elections.add(election.election());
            case ElectionUpdateRumor election ->
                index == 5 && updateElections.add(election.election());
            case DepartureRumor departure -> index == 6 && departures.add(departure);
          };
      if (!inPlace) {
        skipped(index, "a rumor of kind " + rumor.kind().text() + " does not belong here");
      }
    }

    private void skipped(int index, String detail) {
      problem(index, "one record skipped: " + detail);
    }

    private void problem(int index, String text) {
      if (problems.size() < PROBLEMS_TOLD_MAX) {
        problems.add("rumor file, section " + SECTION_NAMES.get(index) + ": " + text);
      } else {
        problemsUntold++;
      }
    }

    Content content() {
      if (problemsUntold > 0) {
        problems.add("rumor file: " + problemsUntold + " more losses like these");
      }
      return new Content(
          new RingState(members, services, configs, files, elections, updateElections, departures),
          problems,
          false);
    }
  }
}
