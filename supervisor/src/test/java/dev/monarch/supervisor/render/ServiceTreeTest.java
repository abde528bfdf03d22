package dev.monarch.supervisor.render;

import static dev.monarch.supervisor.render.Service.mode;
import static dev.monarch.supervisor.render.Service.ours;
import static dev.monarch.supervisor.render.Service.owner;
import static dev.monarch.supervisor.render.Service.somebodyElses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.checks.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceTreeTest {
  @TempDir private Path fsRoot;

  private static List<Path> supervisors(ServiceTree tree) {
    return List.of(tree.root(), tree.hooks(), tree.logs());
  }

  private static List<Path> services(ServiceTree tree) {
    return List.of(
        tree.config(), tree.configInstall(), tree.data(), tree.files(), tree.var(), tree.statics());
  }

  @Test
  void directoriesAreMadeWithTheirModes() throws IOException {
    ServiceTree tree = ServiceTree.of(fsRoot, "web");

    tree.create(ours());

    assertThat(tree.root()).isEqualTo(fsRoot.resolve("hab/svc/web"));
    for (Path directory : supervisors(tree)) {
      assertThat(mode(directory)).as(directory.toString()).isEqualTo("rwxr-xr-x");
    }
    for (Path directory : services(tree)) {
      assertThat(mode(directory)).as(directory.toString()).isEqualTo("rwxrwx---");
    }
    assertThat(mode(fsRoot.resolve("hab/svc"))).isEqualTo("rwxr-xr-x");
  }

  @Test
  @Check("supervisor-5")
  void aStrictUmaskKeepsNobodyOutAndTheServiceOwnsItsDirectories() throws Exception {
    Ownership nobody = somebodyElses();
    Path svc = fsRoot.resolve("hab/svc");
    ServiceTree tree = ServiceTree.of(fsRoot, "web");

    Umask.during(0077, () -> tree.create(nobody));

    assertThat(mode(svc)).isEqualTo("rwxr-xr-x");
    for (Path directory : supervisors(tree)) {
      assertThat(mode(directory)).as(directory.toString()).isEqualTo("rwxr-xr-x");
      assertThat(owner(directory)).as(directory.toString()).isEqualTo("root");
    }
    for (Path directory : services(tree)) {
      assertThat(mode(directory)).as(directory.toString()).isEqualTo("rwxrwx---");
      assertThat(owner(directory)).as(directory.toString()).isEqualTo("nobody");
    }
  }

  @Test
  void whatAStrictUmaskLeftIsOpenedAgain() throws IOException {
    ServiceTree tree = ServiceTree.of(fsRoot, "web");
    Files.createDirectories(tree.hooks());
    for (Path directory : List.of(tree.root().getParent(), tree.root(), tree.hooks())) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }

    tree.create(ours());

    assertThat(mode(fsRoot.resolve("hab/svc"))).isEqualTo("rwxr-xr-x");
    assertThat(mode(tree.root())).isEqualTo("rwxr-xr-x");
    assertThat(mode(tree.hooks())).isEqualTo("rwxr-xr-x");
  }

  @Test
  void aDirectoryOfTheServiceThatExistsIsLeftAsItIs() throws IOException {
    ServiceTree tree = ServiceTree.of(fsRoot, "web");
    Files.createDirectories(tree.data());
    Files.setPosixFilePermissions(tree.data(), PosixFilePermissions.fromString("rwx------"));

    tree.create(ours());

    assertThat(mode(tree.data())).isEqualTo("rwx------");
  }

  @Test
  void dataMayLieElsewhere(@TempDir Path elsewhere) throws IOException {
    ServiceTree tree = ServiceTree.of(fsRoot, "web");
    Files.createDirectories(tree.root());
    Files.createSymbolicLink(tree.data(), elsewhere);

    tree.create(ours());

    assertThat(tree.data()).isSymbolicLink();
  }

  @Test
  void aFileInThePlaceOfADirectoryIsNamed() throws IOException {
    ServiceTree tree = ServiceTree.of(fsRoot, "web");
    Files.createDirectories(tree.root());
    Files.writeString(tree.config(), "in the way");

    assertThatThrownBy(() -> tree.create(ours()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Can't create directory " + tree.config());
  }

  @Test
  void aDirectoryThatBelongsToSomebodyElseIsRefused() throws IOException {
    Ownership nobody = somebodyElses();
    ServiceTree tree = ServiceTree.of(fsRoot, "web");
    Files.createDirectories(tree.root());
    Files.setOwner(tree.root(), nobody.userPrincipal());

    assertThatThrownBy(() -> tree.create(nobody))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it belongs to nobody");
  }

  @Test
  void whatAKilledSupervisorLeftIsRemoved() throws IOException {
    ServiceTree tree = ServiceTree.of(fsRoot, "web");
    Files.createDirectories(tree.root().resolve(".staging-1"));
    Files.writeString(tree.root().resolve(".staging-1/staged"), "half a fi");

    tree.create(ours());

    assertThat(tree.root().resolve(".staging-1")).doesNotExist();
  }
}
