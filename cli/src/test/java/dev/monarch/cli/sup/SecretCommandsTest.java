package dev.monarch.cli.sup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.cli.Typed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretCommandsTest {
  @TempDir private Path directory;

  private Path target() {
    return directory.resolve("keys/ctl");
  }

  private Typed.Result generateTls(String name) {
    return new Typed()
        .hab(
            "sup",
            "secret",
            "generate-tls",
            "--subject-alternative-name=" + name,
            target().toString());
  }

  @Test
  void aSecretIsPrintedAndAnotherOneEachTime() {
    Typed.Result one = new Typed().hab("sup", "secret", "generate");
    Typed.Result other = new Typed().hab("sup", "secret", "generate");

    assertThat(one.exit()).isZero();
    assertThat(one.err()).isEmpty();
    assertThat(one.out()).matches("[A-Za-z0-9+/]{86}==\n").isNotEqualTo(other.out());
    assertThat(Base64.getDecoder().decode(one.out().strip())).hasSize(64);
  }

  @Test
  void aKeyAndItsCertificateAreWrittenIntoADirectoryMadeForThem() throws IOException {
    Typed.Result result = generateTls("sup.example.org");

    assertThat(result.exit()).isZero();
    assertThat(result.out() + result.err()).isEmpty();
    List<Path> files = files();
    assertThat(files).hasSize(2);
    assertThat(files.getFirst().getFileName().toString())
        .matches("ctl-gateway-[0-9]{14}\\.crt\\.pem");
    assertThat(files.getLast().getFileName())
        .hasToString(files.getFirst().getFileName().toString().replace(".crt.pem", ".key.pem"));
    assertThat(files.getFirst()).content().startsWith("-----BEGIN CERTIFICATE-----\n");
    assertThat(files.getLast()).content().startsWith("-----BEGIN PRIVATE KEY-----\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.getLast())))
        .isEqualTo("rw-------");
  }

  /** Each was given to the original, with the same answer. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ex ample",
        "127.0.0.1",
        "*.example.org",
        "a..b",
        "-a",
        "a-",
        "ü.example.org",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void whatIsNoDnsNameIsRefusedAndNothingIsWritten(String name) {
    Typed.Result result = generateTls(name);

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).isEqualTo("✗✗✗\n✗✗✗ Invalid DNS name: %s\n✗✗✗\n".formatted(name));
    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "a_test_domain", "example.org.", "1.x", "x-1.y2"})
  void whatTheOriginalTakesIsTaken(String name) throws IOException {
    assertThat(generateTls(name).exit()).isZero();
    assertThat(files()).hasSize(2);
  }

  @Test
  void theNameMustBeGivenAndTheDirectoryMustBeWritable() throws IOException {
    Typed.Result nameless = new Typed().hab("sup", "secret", "generate-tls");
    assertThat(nameless.exit()).isEqualTo(2);
    assertThat(nameless.err())
        .startsWith(
            """
            error: the following required arguments were not provided:
              --subject-alternative-name <SUBJECT_ALTERNATIVE_NAME>
            """);

    Files.writeString(directory.resolve("keys"), "a file");
    Typed.Result blocked = generateTls("localhost");
    assertThat(blocked.exit()).isEqualTo(1);
    assertThat(blocked.err()).contains(target().toString()).contains("name a directory");
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(target())) {
      return files.sorted().toList();
    }
  }
}
