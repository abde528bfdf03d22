package dev.monarch.ring.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.monarch.butterfly.RingState;
import dev.monarch.checks.Check;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor.DepartureRumor;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.ServiceGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file {@code butterfly-rumors.rst} was written by Habitat 2.1.78 at a graceful stop. */
class RumorFileTest {
  private static final String A = "a".repeat(32);
  private static final String B = "b".repeat(32);

  @TempDir private Path directory;

  private static byte[] original() throws IOException {
    try (InputStream in = RumorFileTest.class.getResourceAsStream("/butterfly-rumors.rst")) {
      assertThat(in).isNotNull();
      return in.readAllBytes();
    }
  }

  /** The same content under the older header. */
  private static byte[] asVersion1(byte[] version2) {
    ByteBuffer in = ByteBuffer.wrap(version2).order(ByteOrder.LITTLE_ENDIAN);
    int departures = (int) in.getLong(57);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(1);
    out.write(version2, 9, 48);
    out.write(version2, 65, version2.length - 65 - departures);
    return out.toByteArray();
  }

  private RumorFile.Content read(byte[] bytes) throws IOException, UnusableFileException {
    return new RumorFile(Files.write(directory.resolve("member.rst"), bytes)).read();
  }

  private static void assertIsTheOriginals(RingState state, int departures) {
    assertThat(state.members())
        .containsExactly(
            new Membership(Member.of(A, 0, "127.86.3.1", 9638), Health.ALIVE),
            new Membership(Member.of("c".repeat(32), 4, "127.255.0.7", 9638), Health.CONFIRMED),
            new Membership(
                new Member(B, 6, "127.86.3.2", 9638, 9638, true, false, false), Health.DEPARTED));
    assertThat(state.services())
        .extracting(ServiceRumor::memberId, service -> service.sys().ip())
        .containsExactly(tuple(A, "127.86.3.1"), tuple(B, "127.86.3.2"));
    assertThat(state.serviceConfigs())
        .containsExactly(
            new ServiceConfigRumor(
                "butterflyclient",
                new ServiceGroup("web.default"),
                1_700_000_000,
                false,
                Bytes.utf8("port = 9090\n")));
    assertThat(state.serviceFiles())
        .extracting(ServiceFileRumor::filename, ServiceFileRumor::incarnation)
        .containsExactly(tuple("motd.txt", 5L));
    assertThat(state.elections())
        .containsExactly(new Election(A, "db.default", 2, 7, ElectionStatus.RUNNING, List.of(A)));
    assertThat(state.updateElections())
        .containsExactly(
            new Election(A, "db.default", 4, 1, ElectionStatus.NO_QUORUM, List.of(A, B)));
    assertThat(state.departures()).hasSize(departures);
  }

  @Test
  void theOriginalsFileIsReadToTheLastField() throws Exception {
    RumorFile.Content content = read(original());
    assertThat(content.problems()).isEmpty();
    assertIsTheOriginals(content.state(), 1);
    assertThat(content.state().departures())
        .containsExactly(new DepartureRumor("butterflyclient", "d".repeat(32)));
  }

  /** What equals the original's own file byte for byte is read by whatever reads that. */
  @Test
  @Check("butterfly-68")
  void theOriginalsFileIsWrittenAgainByteForByteAndTheOlderHeaderIsRead() throws Exception {
    RingState state = read(original()).state();
    RumorFile file = new RumorFile(directory.resolve("again.rst"));
    file.write(state);
    assertThat(directory.resolve("again.rst")).hasBinaryContent(original());
    RumorFile.Content older = read(asVersion1(original()));
    assertThat(older.problems()).isEmpty();
    assertIsTheOriginals(older.state(), 0);
  }

  @Test
  void aMissingAndAnEmptyFileAreAnEmptyState() throws Exception {
    RumorFile.Content missing = new RumorFile(directory.resolve("none.rst")).read();
    assertThat(missing.absent()).isTrue();
    assertThat(missing.state()).isEqualTo(RingState.EMPTY);
    assertThat(read(new byte[0])).isEqualTo(missing);
  }

  @Test
  @Check("butterfly-70")
  void aTruncatedFileGivesWhatIsReadable() throws Exception {
    byte[] whole = original();
    RumorFile.Content complete = read(whole);
    for (int length = 65; length < whole.length; length += 7) {
      RumorFile.Content content = read(Arrays.copyOf(whole, length));
      assertThat(content.problems()).isNotEmpty();
      assertThat(content.state().members())
          .isEqualTo(complete.state().members().subList(0, content.state().members().size()));
      assertThat(content.state().departures()).isEmpty();
    }
    byte[] half = Arrays.copyOf(whole, 65 + 0xd9 + 0x19c);
    assertThat(read(half).state().members()).hasSize(3);
    assertThat(read(half).state().services()).hasSize(2);
    assertThat(directory.resolve("member.rst.damaged")).hasBinaryContent(half);
  }

  @Test
  void aBadRecordCostsOnlyItself() throws Exception {
    byte[] bytes = original();
    bytes[65 + 8] = 0x0f; // a wire type that does not exist, in the first member
    RumorFile.Content content = read(bytes);
    assertThat(content.problems()).hasSize(1).first().asString().contains("membership", "skipped");
    assertThat(content.state().members()).hasSize(2);
    assertThat(content.state().services()).hasSize(2);
    assertThat(content.state().departures()).hasSize(1);
  }

  @Test
  void aRumorInTheWrongSectionIsSkipped() throws Exception {
    byte[] bytes = original();
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long configs = header.getLong(25);
    long files = header.getLong(33);
    header.putLong(25, 0).putLong(33, configs + files);
    RumorFile.Content content = read(bytes);
    assertThat(content.problems()).hasSize(1).first().asString().contains("service-config");
    assertThat(content.state().serviceFiles()).hasSize(1);
  }

  @Test
  void aForeignFileIsRefusedAndLeftAlone() throws Exception {
    for (byte[] foreign :
        List.of(
            "#!/bin/sh\necho hello\n".getBytes(StandardCharsets.US_ASCII),
            new byte[] {0},
            new byte[] {2, 64, 0, 0},
            new byte[] {1, 0, 0, 0},
            Arrays.copyOf(new byte[] {2, 65}, 100),
            Arrays.copyOf(new byte[] {1, -1, -1, -1, -1, -1, -1, -1, -1}, 100),
            new byte[] {3, 64})) {
      Path file = directory.resolve("member.rst");
      assertThatExceptionOfType(UnusableFileException.class)
          .isThrownBy(() -> read(foreign))
          .withMessageContaining(file.toString())
          .withMessageContaining("move it away")
          .withMessageNotContaining("\n");
      assertThat(file).hasBinaryContent(foreign);
    }
  }

  @Test
  void randomDamageNeverThrowsAnythingElse() throws Exception {
    Random random = new Random(68);
    for (int round = 0; round < 500; round++) {
      byte[] bytes = original();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(read(bytes).state()).isNotNull();
      } catch (UnusableFileException e) {
        assertThat(e).hasMessageContaining("move it away");
      }
    }
  }

  @Test
  void theFileIsReadableByItsOwnerOnly() throws Exception {
    Path path = directory.resolve("new.rst");
    new RumorFile(path).write(RingState.EMPTY);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    assertThat(Files.size(path)).isEqualTo(65);
    assertThat(directory.resolve("new.rst.tmp")).doesNotExist();
  }

  @Test
  void aFailedWriteSaysWhereAndLeavesTheOldFile() throws Exception {
    Path path = directory.resolve("kept.rst");
    RumorFile file = new RumorFile(path);
    file.write(RingState.EMPTY);
    // A directory in the way of the temporary file stands for any failure, root or not.
    Files.createDirectories(directory.resolve("kept.rst.tmp").resolve("in-the-way"));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> file.write(RingState.EMPTY))
        .withMessageStartingWith("cannot write " + path + ": ");
    assertThat(Files.size(path)).isEqualTo(65);
  }
}
