package dev.monarch.cli.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.cli.Typed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingKeyCommandsTest {
  /** The synthetic key of the specification (crypto-and-packages.md 2.7). */
  private static final String KEY =
      "SYM-SEC-1\ndemo-20260102030405\n\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

  @TempDir Path cache;

  private Typed typed() {
    return new Typed().with("HAB_CACHE_KEY_PATH", cache.toString());
  }

  @Test
  @Check("crypto-4")
  void aGeneratedKeyIsToldAndStoredForItsOwnerOnly() throws IOException {
    Typed.Result result = typed().hab("ring", "key", "generate", "demo");
    assertThat(result.exit()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .matches("» Generating ring key for demo\n★ Generated ring key demo-[0-9]{14}\\.\n");
    Path file = onlyFile();
    assertThat(file.getFileName().toString()).matches("demo-[0-9]{14}\\.sym\\.key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("r--------");
    List<String> lines = Files.readAllLines(file);
    assertThat(Base64.getDecoder().decode(lines.get(3))).hasSize(32);
  }

  @Test
  void anImportedKeyIsExportedByteForByte() throws IOException {
    Typed.Result imported = typed().input("\n" + KEY + "\n\n").hab("ring", "key", "import");
    assertThat(imported.exit()).isZero();
    assertThat(imported.out())
        .isEqualTo(
            """
            » Importing ring key from standard input
            ★ Imported ring key demo-20260102030405.
            """);
    assertThat(Files.readString(onlyFile())).isEqualTo(KEY);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(onlyFile())))
        .isEqualTo("r--------");

    Typed.Result exported = typed().hab("ring", "key", "export", "demo");
    assertThat(exported.exit()).isZero();
    assertThat(exported.out()).isEqualTo(KEY);
  }

  @Test
  void importingAKeyTwiceIsFineButAnotherUnderItsNameIsRefused() throws IOException {
    assertThat(typed().input(KEY).hab("ring", "key", "import").exit()).isZero();
    assertThat(typed().input(KEY).hab("ring", "key", "import").exit()).isZero();
    Typed.Result other = typed().input(KEY.replace("AAEC", "BBEC")).hab("ring", "key", "import");
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.err()).contains("Existing key file").contains("new version hash is different");
    assertThat(Files.readString(onlyFile())).isEqualTo(KEY);
  }

  @Test
  void theOptionBeatsTheVariable(@TempDir Path other) {
    Typed.Result result =
        typed().input(KEY).hab("ring", "key", "import", "--cache-key-path", other.toString());
    assertThat(result.exit()).isZero();
    assertThat(other.resolve("demo-20260102030405.sym.key")).exists();
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void whatFailsIsFramedAndNamesTheRemedy() {
    Typed.Result none = typed().hab("ring", "key", "export", "nowhere");
    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.out()).isEmpty();
    assertThat(none.err().lines()).hasSize(3).allMatch(line -> line.startsWith("✗✗✗"));
    assertThat(none.err()).contains("No revisions found for nowhere").contains(cache.toString());

    Typed.Result malformed = typed().input("SIG-SEC-1\nx\n").hab("ring", "key", "import");
    assertThat(malformed.exit()).isEqualTo(1);
    assertThat(malformed.err()).contains("Crypto error: Unsupported key version: SIG-SEC-1");
  }

  @Test
  void anInputThatCannotBeAKeyIsNotReadToItsEnd() {
    Typed.Result result = typed().input("x".repeat(200_000)).hab("ring", "key", "import");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("no ring key");
  }

  private Path onlyFile() throws IOException {
    try (var files = Files.list(cache)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.getFirst();
    }
  }
}
