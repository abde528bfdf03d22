package dev.monarch.cli.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.cli.Typed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of users, service groups and origins, which come in pairs. */
class PairCommandsTest {
  /** The synthetic keys of the specification (crypto-and-packages.md 2.7). */
  private static final String PUBLIC =
      "SIG-PUB-1\nacme-20260102030405\n\nA6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";

  private static final String SECRET =
      """
      SIG-SEC-1
      acme-20260102030405

      AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==\
      """;

  @TempDir private Path cache;

  private Typed typed() {
    return new Typed()
        .with("HAB_CACHE_KEY_PATH", cache.toString())
        .with("FS_ROOT", cache.toString());
  }

  @Test
  @Check("crypto-4")
  void anOriginsPairIsToldAndStoredWithTheModesOfItsHalves() throws IOException {
    Typed.Result result = typed().hab("origin", "key", "generate", "acme");

    assertThat(result.exit()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .matches(
            "» Generating origin key for acme\n★ Generated origin key pair acme-[0-9]{14}\\.\n");
    assertThat(modes())
        .containsExactly(
            Map.entry("acme-REV.pub", "r--r--r--"), Map.entry("acme-REV.sig.key", "r--------"));
    byte[] secret = material(".sig.key");
    assertThat(secret).hasSize(64);
    assertThat(Arrays.copyOfRange(secret, 32, 64)).isEqualTo(material(".pub"));
  }

  @Test
  void aUsersPairIsToldAndStored() throws IOException {
    Typed.Result result = typed().hab("user", "key", "generate", "alice");

    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .matches(
            """
            » Generating user key for alice
            ★ Generated user encryption key pair alice-[0-9]{14}\\.
            """);
    assertThat(modes())
        .containsExactly(
            Map.entry("alice-REV.box.key", "r--------"), Map.entry("alice-REV.pub", "r--r--r--"));
    assertThat(material(".box.key")).hasSize(32);
    assertThat(material(".pub")).hasSize(32);
  }

  @Test
  void aServiceGroupsPairIsNamedWithItsOrganization() throws IOException {
    Typed.Result result = typed().hab("svc", "key", "generate", "web.default", "acme");

    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .matches(
            """
            » Generating service key for web\\.default in acme
            ★ Generated service key pair web\\.default@acme-[0-9]{14}\\.
            """);
    assertThat(modes().keySet())
        .containsExactly("web.default@acme-REV.box.key", "web.default@acme-REV.pub");
  }

  @Test
  void theOriginMayBeSettledForAllCommands(@TempDir Path root) throws IOException {
    Path settings = Files.createDirectories(root.resolve("hab/etc")).resolve("cli.toml");
    Files.writeString(settings, "origin = \"settled\"\n");

    assertThat(typed().with("FS_ROOT", root.toString()).hab("origin", "key", "generate").out())
        .contains("Generating origin key for settled");
  }

  @Test
  void theOrganizationAndTheOriginMayComeFromTheEnvironment() throws IOException {
    assertThat(
            typed().with("HABITAT_ORG", "acme").hab("svc", "key", "generate", "web.default").out())
        .contains("web.default@acme-");
    assertThat(typed().with("HAB_ORIGIN", "core").hab("origin", "key", "generate").out())
        .contains("core-");
    assertThat(typed().with("HAB_ORIGIN", "core").hab("origin", "key", "generate", "mine").out())
        .contains("Generating origin key for mine");
  }

  @Test
  void whoNamesNoOriginIsToldHow() {
    Typed.Result none = typed().hab("origin", "key", "generate");
    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.err()).contains("No origin specified").contains("HAB_ORIGIN");

    Typed.Result wrong = typed().with("HAB_ORIGIN", "Acme").hab("origin", "key", "generate");
    assertThat(wrong.exit()).isEqualTo(1);
    assertThat(wrong.err()).contains("Invalid origin: 'Acme'");
  }

  @Test
  @Check("crypto-5")
  void anOriginsKeysAreImportedAndExportedByteForByte() throws IOException {
    Typed.Result imported = typed().input(PUBLIC + "\n").hab("origin", "key", "import");
    assertThat(imported.exit()).isZero();
    assertThat(imported.out())
        .isEqualTo(
            """
            » Importing origin key from standard input
            ★ Imported public origin key acme-20260102030405
            """);
    assertThat(typed().input(SECRET).hab("origin", "key", "import").out())
        .endsWith("★ Imported secret origin key acme-20260102030405\n");

    assertThat(modes())
        .containsExactly(
            Map.entry("acme-REV.pub", "r--r--r--"), Map.entry("acme-REV.sig.key", "r--------"));
    assertThat(typed().hab("origin", "key", "export", "acme").out()).isEqualTo(PUBLIC);
    assertThat(typed().hab("origin", "key", "export", "acme", "-t", "public").out())
        .isEqualTo(PUBLIC);
    assertThat(typed().hab("origin", "key", "export", "acme", "--type", "secret").out())
        .isEqualTo(SECRET);

    assertThat(typed().input(SECRET).hab("origin", "key", "import").exit()).isZero();
    Typed.Result other =
        typed().input(PUBLIC.replace("A6EH", "B6EH")).hab("origin", "key", "import");
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.err()).contains("Existing key file").contains("new version hash is different");
    assertThat(cache.resolve("acme-20260102030405.pub")).hasContent(PUBLIC);
  }

  @Test
  void whatIsNoOriginKeyIsRefusedWithoutShowingWhatItIs() {
    Typed.Result ring =
        typed().input(PUBLIC.replace("SIG-PUB-1", "SYM-SEC-1")).hab("origin", "key", "import");

    assertThat(ring.exit()).isEqualTo(1);
    assertThat(ring.err())
        .contains("Could not parse content as an public or secret origin signing key!")
        .contains("Unsupported key version: SYM-SEC-1")
        .doesNotContain("A6EH");
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void anExportOfWhatIsNotThereNamesTheRemedy() {
    Typed.Result none = typed().hab("origin", "key", "export", "acme", "-t", "secret");

    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.out()).isEmpty();
    assertThat(none.err())
        .contains("Crypto error: No revisions found for acme")
        .contains("hab origin key generate");
  }

  /** The exit codes and beginnings are the original's. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          user key generate                      | error: the following required arguments were not provided:
          svc key generate web.default           | error: the following required arguments were not provided:
          svc key generate web acme              | error: invalid value 'web' for '<SERVICE_GROUP>': Invalid service group: web.
          svc key generate web.default@acme acme | error: invalid value 'web.default@acme' for '<SERVICE_GROUP>': Invalid service group:
          origin key export acme -t other        | error: invalid value 'other' for '--type <KEY_TYPE>': Failed to parse key type: other
          origin key export Acme                 | error: invalid value 'Acme' for '<ORIGIN>': Invalid origin: 'Acme'
          """)
  void aWrongCommandLineEndsWithTwo(String line, String answer) {
    Typed.Result result = typed().hab(line.strip().split(" +"));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith(answer.strip());
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void aNameThatIsNoLineIsRefused() {
    for (String name : new String[] {"", "two\nlines"}) {
      assertThat(typed().hab("user", "key", "generate", name).exit()).isEqualTo(2);
      assertThat(typed().hab("ring", "key", "generate", name).exit()).isEqualTo(2);
    }
    assertThat(typed().hab("user", "key", "generate", "../alice").exit()).isEqualTo(1);
    assertThat(cache).isEmptyDirectory();
  }

  /** The files by name, without their revisions. */
  private Map<String, String> modes() throws IOException {
    var modes = new TreeMap<String, String>();
    try (var files = Files.list(cache)) {
      for (Path file : files.toList()) {
        modes.put(
            file.getFileName().toString().replaceFirst("[0-9]{14}", "REV"),
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      }
    }
    return modes;
  }

  private byte[] material(String suffix) throws IOException {
    try (var files = Files.list(cache)) {
      Path file = files.filter(f -> f.toString().endsWith(suffix)).findFirst().orElseThrow();
      return Base64.getDecoder().decode(Files.readAllLines(file).get(3));
    }
  }
}
