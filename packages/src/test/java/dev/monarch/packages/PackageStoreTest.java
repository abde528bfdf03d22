package dev.monarch.packages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.checks.PackageFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PackageStoreTest {
  @TempDir private Path fsRoot;
  private PackageStore store;

  @BeforeEach
  void open() {
    store = PackageStore.below(fsRoot);
  }

  @Test
  @Check("supervisor-24")
  void theGreatestVersionIsChosenByItsNumbers() throws Exception {
    install("acme/web/1.9.0/20260101000000");
    install("acme/web/1.10.0/20260101000000");
    install("acme/web/1.10.0-rc1/20260101000009");

    assertThat(found("acme/web")).contains("acme/web/1.10.0/20260101000000");
    assertThat(found("acme/web/1.9.0")).contains("acme/web/1.9.0/20260101000000");
  }

  @Test
  @Check("supervisor-25")
  void theGreaterReleaseIsChosenUnlessOneIsNamed() throws Exception {
    install("acme/web/1.0.0/20260101000000");
    install("acme/web/1.0.0/20260202000000");

    assertThat(found("acme/web/1.0.0")).contains("acme/web/1.0.0/20260202000000");
    assertThat(found("acme/web/1.0.0/20260101000000")).contains("acme/web/1.0.0/20260101000000");
    assertThat(found("acme/web/1.0.0/20260303000000")).isEmpty();
  }

  @Test
  void equalVersionsAreDecidedByTheRelease() throws Exception {
    install("acme/web/1.0/20260101000000");
    install("acme/web/1.0.0/20260202000000");
    install("acme/web/1.0.0.0/20260101000001");

    assertThat(found("acme/web")).contains("acme/web/1.0.0/20260202000000");
  }

  @Test
  @Check("supervisor-26")
  void aReleaseForAnotherMachineIsInvisible() throws Exception {
    install("acme/web/1.0.0/20260101000000");
    PackageFixture.at(fsRoot, "acme/web/2.0.0/20260101000000")
        .metafile("TARGET", "x86_64-windows")
        .write();

    assertThat(found("acme/web")).contains("acme/web/1.0.0/20260101000000");
    assertThat(found("acme/web/2.0.0/20260101000000")).isEmpty();
    assertThat(store.list()).hasToString("[acme/web/1.0.0/20260101000000]");
  }

  @Test
  void aReleaseWithoutATargetIsInvisible() throws Exception {
    Files.delete(install("acme/web/1.0.0/20260101000000").resolve("TARGET"));

    assertThat(found("acme/web")).isEmpty();
    assertThat(store.list()).isEmpty();
  }

  @Test
  void anInstallationInProgressIsInvisible() throws Exception {
    install("acme/web/1.0.0/.hab-pkg-install-x7");

    assertThat(found("acme/web")).isEmpty();
    assertThat(found("acme/web/1.0.0/.hab-pkg-install-x7")).isEmpty();
    assertThat(store.list()).isEmpty();
  }

  @Test
  void whereNothingWasEverInstalledNothingIsFound() throws Exception {
    assertThat(found("acme/web")).isEmpty();
    assertThat(store.list()).isEmpty();
  }

  @Test
  void whatLiesAboutIsPassedOver() throws Exception {
    install("acme/web/1.0.0/20260101000000");
    Path packages = fsRoot.resolve("hab/pkgs");
    Files.writeString(packages.resolve("README"), "");
    Files.writeString(packages.resolve("acme/web/1.0.0/notes.txt"), "");
    Files.writeString(packages.resolve("acme/db"), "not a directory");
    Files.createDirectories(packages.resolve("Not An Origin/web/1.0.0/20260101000000"));
    Files.createSymbolicLink(packages.resolve("acme/web/1.0.0/broken"), Path.of("nowhere"));
    Files.createSymbolicLink(packages.resolve("acme/web/round"), packages.resolve("acme/web"));
    Files.createSymbolicLink(packages.resolve("acme/linked"), packages.resolve("acme/web"));

    assertThat(found("acme/web")).contains("acme/web/1.0.0/20260101000000");
    assertThat(found("acme/linked")).contains("acme/linked/1.0.0/20260101000000");
    assertThat(found("acme/db")).isEmpty();
    assertThat(store.list())
        .hasToString("[acme/linked/1.0.0/20260101000000, acme/web/1.0.0/20260101000000]");
  }

  @Test
  void theListGoesByNameAndThenByAge() throws Exception {
    install("zeta/api/1.0.0/20260101000000");
    install("acme/web/1.10.0/20260101000000");
    install("acme/web/1.9.0/20260202000000");
    install("acme/web/1.9.0/20260101000000");
    install("acme/api/3/20260101000000");

    assertThat(store.list())
        .extracting(PackageIdent::toString)
        .containsExactly(
            "acme/api/3/20260101000000",
            "acme/web/1.9.0/20260101000000",
            "acme/web/1.9.0/20260202000000",
            "acme/web/1.10.0/20260101000000",
            "zeta/api/1.0.0/20260101000000");
    assertThat(store.list(PackageIdent.parse("acme/web/1.9.0"))).hasSize(2);
  }

  @Test
  void versionsWithoutAnOrderAreListedAllTheSame() throws Exception {
    for (int i = 0; i < 40; i++) {
      for (String form : new String[] {"1.%d.", "1.%d", "r.%d", "1..%d", "1.%dx"}) {
        install("acme/web/%s/20260101000000".formatted(form.formatted(i)));
      }
    }

    assertThat(store.list()).hasSize(200).doesNotHaveDuplicates();
  }

  private Path install(String ident) throws IOException {
    return PackageFixture.at(fsRoot, ident).write();
  }

  private Optional<String> found(String ident) throws Exception {
    return store.find(PackageIdent.parse(ident)).map(p -> p.ident().toString());
  }
}
