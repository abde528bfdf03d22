package dev.monarch.supervisor.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.checks.Check;
import dev.monarch.packages.PackageIdent;
import dev.monarch.wire.control.DesiredState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecDirectoryTest {
  @TempDir private Path root;
  private Path path;
  private SpecDirectory directory;

  @BeforeEach
  void aDirectoryThatDoesNotExistYet() {
    path = root.resolve("sup/default/specs");
    directory = new SpecDirectory(path);
  }

  private static ServiceSpec spec(String ident) throws Exception {
    return ServiceSpec.of(PackageIdent.parse(ident));
  }

  private void file(String name, String text) throws IOException {
    Files.createDirectories(path);
    Files.writeString(path.resolve(name), text);
  }

  @Test
  void aMissingDirectoryHoldsNothing() throws Exception {
    assertThat(directory.read().specs()).isEmpty();
    assertThat(directory.find("web")).isEmpty();
    assertThat(directory.delete("web")).isFalse();
  }

  @Test
  void aWrittenSpecIsReadAgainAndPrivate() throws Exception {
    directory.write(spec("acme/web"));

    assertThat(directory.read().specs()).containsEntry("web", spec("acme/web"));
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path.resolve("web.spec"))))
        .isEqualTo("rw-------");
    assertThat(path).isDirectoryContaining(file -> file.endsWith("web.spec"));
    try (var files = Files.list(path)) {
      assertThat(files).as("nothing else is left").hasSize(1);
    }
  }

  @Test
  void aSpecReplacesTheOneOfItsName() throws Exception {
    directory.write(spec("acme/web"));
    directory.write(spec("other/web").withDesiredState(DesiredState.DOWN));

    assertThat(directory.find("web").orElseThrow().ident().origin()).isEqualTo("other");
  }

  @Test
  void aDeletedSpecIsGone() throws Exception {
    directory.write(spec("acme/web"));

    assertThat(directory.delete("web")).isTrue();
    assertThat(directory.read().specs()).isEmpty();
  }

  @Test
  @Check("supervisor-18")
  void aSpecUnderAnotherNameIsSkippedWithAMessage() throws Exception {
    file("other.spec", "ident = 'acme/web'");
    directory.write(spec("acme/db"));

    SpecDirectory.Contents contents = directory.read();

    assertThat(contents.specs()).containsOnlyKeys("db");
    assertThat(contents.unreadable()).containsExactly("other");
    assertThat(contents.problems())
        .singleElement()
        .asString()
        .contains("other.spec", "acme/web", "rename the file to web.spec");
  }

  @Test
  @Check("supervisor-19")
  void aSpecThatIsNotTomlIsSkippedWithAMessage() throws Exception {
    file("web.spec", "no toml");
    Files.write(path.resolve("bytes.spec"), new byte[] {(byte) 0xff, (byte) 0xfe});
    Files.createDirectory(path.resolve("folder.spec"));
    directory.write(spec("acme/db"));

    SpecDirectory.Contents contents = directory.read();

    assertThat(contents.specs()).containsOnlyKeys("db");
    assertThat(contents.unreadable()).containsExactly("bytes", "folder", "web");
    assertThat(contents.problems()).hasSize(3);
  }

  @Test
  void filesWithAnotherEndingAreNobodysSpecs() throws Exception {
    file("web.spec.tmp", "no toml");
    file("README", "hello");
    file(".spec", "ident = 'acme/web'");

    assertThat(directory.read().specs()).isEmpty();
    assertThat(directory.read().problems()).isEmpty();
  }

  @Test
  void aDirectoryThatCannotBeReadIsAFailureAndNotAnEmptyOne() throws Exception {
    Files.createDirectories(path.getParent());
    Files.writeString(path, "a file in its place");

    assertThatThrownBy(() -> directory.read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(path.toString());
  }
}
