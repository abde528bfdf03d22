package dev.monarch.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.monarch.checks.PackageFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class InstalledPackageTest {
  private static final String IDENT = "acme/web/1.0.0/20260101000000";

  @TempDir private Path fsRoot;
  private PackageFixture fixture;

  @BeforeEach
  void prepare() {
    fixture = PackageFixture.at(fsRoot, IDENT);
  }

  @Test
  void aPackageOfNothingHasTheDefaults() throws Exception {
    Path directory = fixture.write();

    InstalledPackage installed = read();

    assertThat(installed.ident()).hasToString(IDENT);
    assertThat(installed.path()).isEqualTo(directory);
    assertThat(installed.type()).isEqualTo(PackageType.STANDARD);
    assertThat(installed.owner()).isEmpty();
    assertThat(installed.deps()).isEmpty();
    assertThat(installed.exports()).isEmpty();
    assertThat(installed.binds()).isEmpty();
    assertThat(installed.shutdownSignal()).isEqualTo(ShutdownSignal.TERM);
    assertThat(installed.shutdownTimeout()).isEqualTo(Duration.ofSeconds(8));
    assertThat(installed.runtimePath()).isEmpty();
    assertThat(installed.isRunnable()).isFalse();
    assertThat(installed.installHookStatus()).isEmpty();
  }

  @Test
  void everyMetafileIsRead() throws Exception {
    fixture
        .metafile("PACKAGE_TYPE", "native")
        .user("www", "web")
        .deps("core/glibc/2.35/20260101000000")
        .tdeps("core/glibc/2.35/20260101000000", "core/linux-headers/6.1/20260101000000")
        .exports("port=server.port", "motto=a=b")
        .exposes("80", "443")
        .binds("db=port host", "cache=")
        .bindsOptional("mq=port=ignored")
        .shutdownSignal("QUIT")
        .shutdownTimeout(30)
        .metafile("PATH", "/hab/pkgs/" + IDENT + "/bin:/usr/bin:/hab/pkgs/" + IDENT + "0/bin")
        .runtimePath("/a/bin", "/b/bin")
        .environment("B=2", "A=1=1", "EMPTY=")
        .metafile("RUNTIME_ENVIRONMENT_PATHS", "LIBS=/a:/b")
        .hook("run", "#!/bin/sh\n")
        .write();

    InstalledPackage installed = read();

    assertThat(installed.type()).isEqualTo(PackageType.NATIVE);
    assertThat(installed.owner()).contains(new ServiceOwner("www", "web"));
    assertThat(installed.deps()).hasToString("[core/glibc/2.35/20260101000000]");
    assertThat(installed.tdeps()).hasSize(2);
    assertThat(installed.exports())
        .containsExactly(entry("port", "server.port"), entry("motto", "a=b"));
    assertThat(installed.exposes()).containsExactly("80", "443");
    assertThat(installed.binds())
        .containsExactly(entry("db", List.of("port", "host")), entry("cache", List.of()));
    assertThat(installed.optionalBinds()).containsExactly(entry("mq", List.of("port")));
    assertThat(installed.shutdownSignal()).isEqualTo(ShutdownSignal.QUIT);
    assertThat(installed.shutdownTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(installed.searchPath()).containsExactly("/hab/pkgs/" + IDENT + "/bin");
    assertThat(installed.runtimePath()).contains(List.of("/a/bin", "/b/bin"));
    assertThat(installed.environment())
        .containsExactly(entry("B", "2"), entry("A", "1=1"), entry("EMPTY", ""));
    assertThat(installed.environmentPaths()).containsExactly(entry("LIBS", "/a:/b"));
    assertThat(installed.isRunnable()).isTrue();
  }

  @Test
  void anOldRunScriptMakesAPackageRunnableAndADirectoryOfThatNameDoesNot() throws Exception {
    fixture.file("hooks/run/notes", "").write();
    assertThat(read().isRunnable()).isFalse();

    fixture.file("run", "#!/bin/sh\n").write();
    assertThat(read().isRunnable()).isTrue();
  }

  @Test
  void aUserWithoutAGroupDoesNotCount() throws Exception {
    fixture.metafile("SVC_USER", "www").write();

    assertThat(read().owner()).isEmpty();
  }

  @Test
  void whiteSpaceAroundAFileMeansNothing() throws Exception {
    fixture.environment("", "  A=1  ", "", "B=2  ").shutdownSignal(" INT \r").write();

    assertThat(read().environment()).containsExactly(entry("A", "1  "), entry("B", "2"));
    assertThat(read().shutdownSignal()).isEqualTo(ShutdownSignal.INT);
  }

  @ParameterizedTest
  @EnumSource
  void everySignalIsKnownByItsName(ShutdownSignal signal) throws Exception {
    fixture.shutdownSignal(signal.name()).write();

    assertThat(read().shutdownSignal()).isEqualTo(signal);
  }

  @ParameterizedTest
  @CsvSource({
    "RUNTIME_ENVIRONMENT, 'A=1|\n|nothing', 3",
    "RUNTIME_ENVIRONMENT, '=1', 1",
    "RUNTIME_ENVIRONMENT_PATHS, 'nothing', 1",
    "EXPORTS, 'port=port|host', 2",
    "BINDS, 'db', 1",
    "BINDS_OPTIONAL, 'db=port|mq', 2",
    "DEPS, 'core/glibc', 1",
    "TDEPS, 'core/glibc/2.35/20260101000000|../../etc/passwd', 2",
  })
  void aBadLineIsNamedWithItsFile(String metafile, String content, int line) throws Exception {
    Path directory =
        fixture.metafile(metafile, content.replace("\n", "").replace('|', '\n')).write();

    assertThatExceptionOfType(MalformedPackageException.class)
        .isThrownBy(this::read)
        .withMessageStartingWith(
            "%s, line %d: expected ".formatted(directory.resolve(metafile), line))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "SHUTDOWN_SIGNAL, SIGTERM",
    "SHUTDOWN_SIGNAL, term",
    "SHUTDOWN_TIMEOUT, -1",
    "SHUTDOWN_TIMEOUT, 4294967296",
    "SHUTDOWN_TIMEOUT, 8s",
    "PACKAGE_TYPE, foreign",
  })
  void aBadValueIsNamedWithItsFile(String metafile, String value) throws Exception {
    Path directory = fixture.metafile(metafile, value).write();

    assertThatExceptionOfType(MalformedPackageException.class)
        .isThrownBy(this::read)
        .withMessageStartingWith("%s: expected ".formatted(directory.resolve(metafile)))
        .withMessageEndingWith("found \"" + value + "\"");
  }

  @Test
  void whatIsNoTextIsRefused() throws Exception {
    Path directory = fixture.environment("A=\0").write();
    assertThatExceptionOfType(MalformedPackageException.class)
        .isThrownBy(this::read)
        .withMessageContaining("RUNTIME_ENVIRONMENT");

    Files.write(directory.resolve("RUNTIME_ENVIRONMENT"), new byte[] {'A', '=', (byte) 0xff});
    assertThatExceptionOfType(MalformedPackageException.class)
        .isThrownBy(this::read)
        .withMessageContaining("expected UTF-8");
  }

  @Test
  void whatAnInstallHookEndedWithIsRemembered() throws Exception {
    Path directory = fixture.write();

    read().writeInstallHookStatus(42);
    assertThat(read().installHookStatus()).hasValue(42);
    assertThat(directory.resolve("INSTALL_HOOK_STATUS")).hasContent("42");

    read().writeInstallHookStatus(0);
    assertThat(read().installHookStatus()).hasValue(0);
    assertThat(Files.getPosixFilePermissions(directory.resolve("INSTALL_HOOK_STATUS")))
        .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
    try (var files = Files.list(directory)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("IDENT", "TARGET", "INSTALL_HOOK_STATUS");
    }
  }

  @Test
  void anUnreadableInstallHookStatusMeansThatNoneHasRun() throws Exception {
    fixture.metafile("INSTALL_HOOK_STATUS", "fine").write();

    assertThat(read().installHookStatus()).isEmpty();
  }

  private InstalledPackage read() throws IOException, MalformedIdentException {
    Optional<InstalledPackage> found = PackageStore.below(fsRoot).find(PackageIdent.parse(IDENT));
    return found.orElseThrow();
  }
}
