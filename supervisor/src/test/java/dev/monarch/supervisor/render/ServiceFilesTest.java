package dev.monarch.supervisor.render;

import static dev.monarch.supervisor.render.Service.below;
import static dev.monarch.supervisor.render.Service.mode;
import static dev.monarch.supervisor.render.Service.ours;
import static dev.monarch.supervisor.render.Service.owner;
import static dev.monarch.supervisor.render.Service.somebodyElses;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.checks.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceFilesTest {
  private static final byte[] CONTENT = "hello\n".getBytes(UTF_8);

  @TempDir private Path fsRoot;
  private ServiceTree tree;

  @BeforeEach
  void aServicesDirectory() {
    tree = ServiceTree.of(fsRoot, "web");
  }

  private ServiceFiles files(Ownership ownership) throws IOException {
    tree.create(ownership);
    return new ServiceFiles(tree, ownership);
  }

  @Test
  void aFileIsPutInItsPlaceForTheService() throws IOException {
    boolean changed = files(ours()).place("a.txt", CONTENT);

    assertThat(changed).isTrue();
    assertThat(tree.files().resolve("a.txt")).hasBinaryContent(CONTENT);
    assertThat(mode(tree.files().resolve("a.txt"))).isEqualTo("rw-r-----");
    assertThat(below(tree.files())).containsExactly("a.txt");
  }

  @Test
  void aFileBelongsToTheServicesUser() throws IOException {
    files(somebodyElses()).place("a.txt", CONTENT);

    assertThat(owner(tree.files().resolve("a.txt"))).isEqualTo("nobody");
    assertThat(mode(tree.files().resolve("a.txt"))).isEqualTo("rw-r-----");
  }

  @Test
  void theSameContentChangesNothing() throws IOException {
    ServiceFiles files = files(ours());
    files.place("a.txt", CONTENT);
    FileTime longAgo = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(tree.files().resolve("a.txt"), longAgo);

    assertThat(files.place("a.txt", CONTENT)).isFalse();
    assertThat(Files.getLastModifiedTime(tree.files().resolve("a.txt"))).isEqualTo(longAgo);
    assertThat(files.place("a.txt", "HELLO\n".getBytes(UTF_8))).isTrue();
    assertThat(tree.files().resolve("a.txt")).hasContent("HELLO\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "../../x",
        "/etc/x",
        "sub/x",
        "a/../../../x",
        "a\\b",
        "a\u0000b",
        "a\nb"
      })
  @Check("supervisor-56")
  void aNameThatIsNotAPlainOneWritesNothing(String name) throws IOException {
    ServiceFiles files = files(ours());
    var before = below(fsRoot).toList();

    assertThatThrownBy(() -> files.place(name, CONTENT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("without directories")
        .hasMessageNotContaining("\n");
    assertThat(below(fsRoot)).isEqualTo(before);
  }

  @Test
  void aNameThatIsTooLongWritesNothing() throws IOException {
    ServiceFiles files = files(ours());

    assertThatThrownBy(() -> files.place("ü".repeat(128), CONTENT)).isInstanceOf(IOException.class);
    assertThat(files.place("ü".repeat(127), CONTENT)).isTrue();
  }

  @Test
  void aLinkThatTheServicePlantedIsReplacedAndNotFollowed(@TempDir Path elsewhere)
      throws IOException {
    ServiceFiles files = files(ours());
    Path victim = Files.writeString(elsewhere.resolve("passwd"), "root");
    Files.createSymbolicLink(tree.files().resolve("a.txt"), victim);

    assertThat(files.place("a.txt", CONTENT)).isTrue();

    assertThat(victim).hasContent("root");
    assertThat(tree.files().resolve("a.txt")).isRegularFile().hasBinaryContent(CONTENT);
  }
}
