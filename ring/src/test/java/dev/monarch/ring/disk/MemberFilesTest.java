package dev.monarch.ring.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberFilesTest {
  @TempDir private Path directory;
  private Path idFile = Path.of("");
  private Path data = Path.of("");

  @BeforeEach
  void names() {
    idFile = directory.resolve("MEMBER_ID");
    data = directory.resolve("data");
  }

  private MemberFiles open() throws UnusableFileException {
    return MemberFiles.open(idFile, data);
  }

  @Test
  void theFirstStartMakesAnIdAndIncarnationZero() throws Exception {
    MemberFiles files = open();
    assertThat(files.id()).matches("[0-9a-f]{12}4[0-9a-f]{19}");
    assertThat(idFile).hasContent(files.id());
    assertThat(files.incarnation()).isZero();
    assertThat(Files.readString(data.resolve("INCARNATION"))).isEqualTo("0");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(data.resolve("INCARNATION"))))
        .isEqualTo("rw-------");
    assertThat(files.rumorFile()).isEqualTo(data.resolve(files.id() + ".rst"));
    assertThat(open().id()).isEqualTo(files.id());
  }

  @Test
  void blanksAroundIdAndIncarnationAreNoPartOfThem() throws Exception {
    Files.createDirectories(data);
    Files.writeString(idFile, "0123456789abcdef0123456789abcdef\n");
    Files.writeString(data.resolve("INCARNATION"), " 18446744073709551614 \n");
    assertThat(open().id()).isEqualTo("0123456789abcdef0123456789abcdef");
    assertThat(open().incarnation()).isEqualTo(-2L);
  }

  @Test
  void aStoredIncarnationIsReadAtTheNextStart() throws Exception {
    open().storeIncarnation(-3L);
    assertThat(Files.readString(data.resolve("INCARNATION"))).isEqualTo("18446744073709551613");
    assertThat(open().incarnation()).isEqualTo(-3L);
  }

  @Test
  void badContentIsToldWithTheFileAndTheRemedy() throws Exception {
    open();
    Files.writeString(data.resolve("INCARNATION"), "seven\nup");
    assertThatExceptionOfType(UnusableFileException.class)
        .isThrownBy(this::open)
        .withMessageContaining(data.resolve("INCARNATION").toString())
        .withMessageContaining("found \"seven?up\"; write the number back");
    Files.writeString(idFile, "../../etc/passwd");
    assertThatExceptionOfType(UnusableFileException.class)
        .isThrownBy(this::open)
        .withMessageContaining(idFile.toString())
        .withMessageContaining("delete the file");
    Files.writeString(idFile, " \n");
    assertThatExceptionOfType(UnusableFileException.class).isThrownBy(this::open);
  }

  @Test
  void leftoversOfACrashAreCleared() throws Exception {
    open();
    Files.writeString(data.resolve("INCARNATION.tmp"), "1");
    Files.writeString(data.resolve("web.default.health"), "0");
    Files.writeString(data.resolve("keep.me"), "");
    open();
    try (var left = Files.list(data)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("INCARNATION", "keep.me");
    }
  }

  @Test
  void aDirectoryThatCannotBeMadeIsTold() throws IOException {
    Files.writeString(data, "a file where a directory should be");
    assertThatExceptionOfType(UnusableFileException.class)
        .isThrownBy(this::open)
        .withMessageStartingWith("cannot make the directory " + data + ": ");
  }

  @Test
  void aFailedWriteIsAnIoExceptionWithTheFile() throws Exception {
    MemberFiles files = open();
    Files.createDirectories(data.resolve("INCARNATION.tmp").resolve("in-the-way"));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> files.storeIncarnation(9))
        .withMessageStartingWith("cannot write " + data.resolve("INCARNATION") + ": ");
    assertThat(Files.readString(data.resolve("INCARNATION"))).isEqualTo("0");
  }
}
