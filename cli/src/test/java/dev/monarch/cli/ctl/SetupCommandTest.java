package dev.monarch.cli.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.cli.Typed;
import dev.monarch.supervisor.config.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The questions of {@code hab cli setup}, answered from a pipe. */
class SetupCommandTest {
  @TempDir Path root;
  private Path file;

  @BeforeEach
  void findPlace() {
    file = root.resolve(Layout.isSuperuser() ? "hab/etc/cli.toml" : ".hab/etc/cli.toml");
  }

  private Typed.Result setup(String... answers) {
    return new Typed()
        .with("FS_ROOT", root.toString())
        .with("HOME", root.toString())
        .input(String.join("\n", answers))
        .hab("cli", "setup");
  }

  private Path given(String name) throws IOException {
    return Files.writeString(root.resolve(name), "");
  }

  @Test
  void everyAnswerIsWrittenForItsOwnerOnly() throws IOException {
    Path authority = given("ca.pem");
    Path certificate = given("own.pem");
    Path key = given("own.key");
    Typed.Result result =
        setup(
            "sup.example:9633",
            "s3cret",
            "" + authority,
            "gateway.example",
            "" + certificate,
            "" + key,
            "");
    assertThat(result.err()).isEmpty();
    assertThat(result.exit()).isZero();
    assertThat(result.out()).endsWith("★ Wrote " + file + "\n").doesNotContain("s3cret");
    assertThat(file)
        .hasContent(
            """
            listen_ctl = "sup.example:9633"
            ctl_secret = "s3cret"
            ctl_server_ca_certificate = "%s"
            ctl_server_name_indication = "gateway.example"
            ctl_client_certificate = "%s"
            ctl_client_key = "%s"
            """
                .formatted(authority, certificate, key));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void whatIsThereIsShownKeptOrForgotten() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(
        file, "bldr_url = \"http://b\"\nctl_secret = \"hidden\"\nlisten_ctl = \"a:1\"\n");
    Typed.Result kept = setup("", "");
    assertThat(kept.out())
        .contains("[a:1]: ")
        .contains("[set]: ")
        .doesNotContain("hidden")
        .contains("★ Nothing changed in " + file);
    assertThat(file).content().contains("listen_ctl");

    assertThat(setup("-", "new").exit()).isZero();
    assertThat(file).hasContent("bldr_url = \"http://b\"\nctl_secret = \"new\"\n");
  }

  @Test
  void theEndOfTheAnswersIsTheEndOfTheQuestions() {
    Typed.Result result = setup();
    assertThat(result.exit()).isZero();
    assertThat(result.out()).contains("Nothing changed");
    assertThat(file).doesNotExist();
  }

  @Test
  void aFileThatIsNotThereIsToldAndNothingIsWritten() {
    Typed.Result result = setup("a:1", "s", "/no/such/file");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("/no/such/file").hasLineCount(3);
    assertThat(file).doesNotExist();
  }
}
