package dev.monarch.cli.pkg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.PackageFixture;
import dev.monarch.cli.Typed;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackageCommandsTest {
  private static final String OLD = "acme/web/1.9.0/20260101000000";
  private static final String NEW = "acme/web/1.10.0/20260101000000";
  private static final String OTHER = "core/lib/2/20260101000000";

  @TempDir private Path fsRoot;

  @BeforeEach
  void install() throws IOException {
    PackageFixture.at(fsRoot, OLD).write();
    PackageFixture.at(fsRoot, NEW)
        .defaultToml("port = 80\n")
        .binds("db=port host", "cache=port")
        .deps(OTHER)
        .tdeps(OTHER, "core/base/1/20260101000000")
        .environment("MOTTO=say \"$5\"")
        .runtimePath("/web/bin", "/lib/bin")
        .write();
    PackageFixture.at(fsRoot, OTHER).bindsOptional("mq=").write();
  }

  private Typed.Result hab(String... words) {
    return new Typed().with("FS_ROOT", fsRoot.toString()).hab(words);
  }

  @Test
  void packagesAreListedAllOrByOriginOrByIdent() {
    assertThat(hab("pkg", "list", "--all").out()).isEqualTo(OLD + "\n" + NEW + "\n" + OTHER + "\n");
    assertThat(hab("pkg", "list", "-o", "core").out()).isEqualTo(OTHER + "\n");
    assertThat(hab("pkg", "list", "acme/web").out()).isEqualTo(OLD + "\n" + NEW + "\n");
    assertThat(hab("pkg", "list", "acme/none").out()).isEmpty();
    assertThat(hab("pkg", "list", "acme/none").exit()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          pkg list                  | error: the following required arguments were not provided:
          pkg list -a acme/web      | error: the argument '--all' cannot be used with '[PKG_IDENT]'
          pkg list -o core acme/web | error: the argument '--origin <ORIGIN>' cannot be used with '[PKG_IDENT]'
          pkg list -a -o core       | error: the argument '--all' cannot be used with '--origin <ORIGIN>'
          pkg path                  | error: the following required arguments were not provided:
          pkg path web              | error: invalid value 'web' for '<PKG_IDENT>': Invalid package identifier: "web".
          pkg exec acme/web         | error: the following required arguments were not provided:
          """)
  void aWrongCommandLineIsAnsweredInTheOriginalsForm(String line, String answer) {
    Typed.Result result = hab(line.strip().split(" +"));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).startsWith(answer.strip());
  }

  @Test
  void thePathIsThatOfTheNewestReleaseThatFits() {
    assertThat(hab("pkg", "path", "acme/web").out())
        .isEqualTo(fsRoot.resolve("hab/pkgs").resolve(NEW) + "\n");
    assertThat(hab("pkg", "path", "acme/web/1.9.0").out())
        .isEqualTo(fsRoot.resolve("hab/pkgs").resolve(OLD) + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"path", "env", "binds", "config", "dependencies"})
  void whatIsNotInstalledIsNamed(String command) {
    Typed.Result result = hab("pkg", command, "acme/none");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .isEqualTo("✗✗✗\n✗✗✗ Cannot find a release of package: acme/none\n✗✗✗\n");
    assertThat(hab("pkg", command, "acme/none/1/2").err())
        .contains("Cannot find package: acme/none/1/2");
  }

  @Test
  void aPackageThatCannotBeReadIsNamedWithItsFile() throws IOException {
    Path broken = PackageFixture.at(fsRoot, "acme/broken/1/20260101000000").exports("port").write();

    Typed.Result result = hab("pkg", "path", "acme/broken");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains(broken.resolve("EXPORTS") + ", line 1: expected NAME=VALUE");
  }

  @Test
  void theEnvironmentIsPrintedForAShell() {
    assertThat(hab("pkg", "env", "acme/web").out())
        .isEqualTo(
            """
            export MOTTO="say \\"\\$5\\""
            export PATH="/web/bin:/lib/bin"
            """);
  }

  @Test
  void bindsArePrintedWithWhatTheyNeed() {
    assertThat(hab("pkg", "binds", "acme/web").out())
        .isEqualTo(
            """
            Showing binds for %s
            required:
                [db]=port host
                [cache]=port
            optional: none
            """
                .formatted(NEW));
    assertThat(hab("pkg", "binds", "core/lib").out())
        .endsWith("required: none\noptional:\n    [mq]=\n");
  }

  @Test
  void theDefaultConfigurationIsPrintedIfThereIsOne() {
    assertThat(hab("pkg", "config", "acme/web").out()).isEqualTo("port = 80\n");

    Typed.Result none = hab("pkg", "config", "core/lib");
    assertThat(none.exit()).isZero();
    assertThat(none.out()).isEmpty();
    assertThat(none.err()).isEqualTo("No default.toml found for " + OTHER + "\n");
  }

  @Test
  void dependenciesArePrintedInBothDirections() {
    assertThat(hab("pkg", "dependencies", "acme/web").out()).isEqualTo(OTHER + "\n");
    assertThat(hab("pkg", "dependencies", "-t", "acme/web").out())
        .isEqualTo(OTHER + "\ncore/base/1/20260101000000\n");
    assertThat(hab("pkg", "dependencies", "--reverse", "core/lib").out()).isEqualTo(NEW + "\n");
  }
}
