package dev.monarch.packages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.monarch.checks.Check;
import dev.monarch.checks.PackageFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunEnvironmentTest {
  private static final String IDENT = "acme/web/1.0.0/20260101000000";
  private static final Map<String, String> SUPERVISOR = Map.of("PATH", "/usr/bin:/bin");

  @TempDir private Path fsRoot;
  private PackageFixture fixture;
  private PackageStore store;

  @BeforeEach
  void prepare() {
    fixture = PackageFixture.at(fsRoot, IDENT);
    store = PackageStore.below(fsRoot);
  }

  @Test
  @Check("supervisor-28")
  void aProgramSeesThePackagesVariablesButNotItsOldPath() throws Exception {
    fixture.environment("FOO=1", "PATH=/evil").write();

    List<String> printed = environmentOfAProcess(SUPERVISOR);

    assertThat(printed).contains("FOO=1", "PATH=/usr/bin:/bin");
    assertThat(printed).noneMatch(line -> line.contains("/evil"));
  }

  @Test
  void thePackagesOwnPathComesFirstThenTheInterpretersThenTheSupervisors() throws Exception {
    fixture.runtimePath("/web/bin", "/lib/bin").write();
    installInterpreter("core/busybox-static/1.36.1/20260101000000");

    assertThat(environment(SUPERVISOR))
        .containsExactly(
            entry(
                "PATH",
                "/web/bin:/lib/bin:/hab/pkgs/core/busybox-static/1.36.1/20260101000000/bin:/usr/bin:/bin"));
  }

  @Test
  void anotherInterpreterCanBeNamed() throws Exception {
    fixture.write();
    installInterpreter("core/bash/5.2/20260101000000");

    assertThat(environment(Map.of("HAB_INTERPRETER_IDENT", "core/bash", "PATH", "/bin")))
        .containsExactly(entry("PATH", "/hab/pkgs/core/bash/5.2/20260101000000/bin:/bin"));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> environment(Map.of("HAB_INTERPRETER_IDENT", "bash")))
        .withMessageStartingWith("HAB_INTERPRETER_IDENT: Invalid package identifier: \"bash\"");
  }

  @Test
  void aNativePackageRunsWithoutInterpreterPackage() throws Exception {
    fixture.metafile("PACKAGE_TYPE", "native").write();
    installInterpreter("core/busybox-static/1.36.1/20260101000000");

    assertThat(environment(SUPERVISOR)).containsExactly(entry("PATH", "/usr/bin:/bin"));
  }

  @Test
  void anOldPackagesPathIsPutTogetherFromThoseItDependsOn() throws Exception {
    PackageFixture.at(fsRoot, "core/direct/1/20260101000000")
        .metafile("PATH", "/hab/pkgs/core/direct/1/20260101000000/bin")
        .write();
    PackageFixture.at(fsRoot, "core/indirect/1/20260101000000")
        .metafile("PATH", "/hab/pkgs/core/indirect/1/20260101000000/bin")
        .write();
    fixture
        .metafile("PATH", "/hab/pkgs/" + IDENT + "/bin")
        .deps("core/direct/1/20260101000000")
        .tdeps("core/indirect/1/20260101000000", "core/direct/1/20260101000000")
        .write();

    assertThat(environment(Map.of()))
        .containsExactly(
            entry(
                "PATH",
                "/hab/pkgs/"
                    + IDENT
                    + "/bin:/hab/pkgs/core/direct/1/20260101000000/bin"
                    + ":/hab/pkgs/core/indirect/1/20260101000000/bin"));
  }

  @Test
  void anOldPackageNeedsWhatItDependsOn() throws Exception {
    fixture.deps("core/gone/1/20260101000000").write();

    assertThatExceptionOfType(MalformedPackageException.class)
        .isThrownBy(() -> environment(SUPERVISOR))
        .withMessageContaining("depends on core/gone/1/20260101000000, which is not installed");
  }

  @Test
  void pathVariablesReplaceOthersOfTheSameName() throws Exception {
    fixture
        .environment("LIBS=/old", "FOO=1")
        .metafile("RUNTIME_ENVIRONMENT_PATHS", "LIBS=/a:/b")
        .write();

    assertThat(environment(Map.of())).containsExactly(entry("FOO", "1"), entry("LIBS", "/a:/b"));
  }

  @Test
  void theOperatorsCertificatesWin() throws Exception {
    fixture.environment("SSL_CERT_FILE=/hab/pkgs/core/cacerts/cert.pem").write();

    assertThat(environment(Map.of())).containsKey("SSL_CERT_FILE");
    assertThat(environment(Map.of("SSL_CERT_FILE", "/etc/corporate.pem"))).isEmpty();
  }

  @Test
  void aCommandIsGivenThePackagesPathAlone() throws Exception {
    fixture.runtimePath("/web/bin").write();
    installInterpreter("core/busybox-static/1.36.1/20260101000000");

    assertThat(RunEnvironment.ofCommand(installed(), store, SUPERVISOR))
        .containsExactly(entry("PATH", "/web/bin"));
  }

  @Test
  void theSupervisorsSecretsAreNotHandedOn() throws Exception {
    fixture.write();

    List<String> printed =
        environmentOfAProcess(
            Map.of(
                "PATH", "/usr/bin:/bin",
                "HAB_AUTH_TOKEN", "secret",
                "HAB_AUTOMATE_AUTH_TOKEN", "secret",
                "HAB_CTL_SECRET", "secret",
                "HAB_RING_KEY", "secret",
                "HAB_SUP_GATEWAY_AUTH_TOKEN", "secret",
                "HAB_LAUNCHER_PID", "secret",
                "HAB_BLDR_URL", "https://bldr.example",
                "http_proxy", "http://proxy.example"));

    assertThat(printed)
        .contains("HAB_BLDR_URL=https://bldr.example", "http_proxy=http://proxy.example")
        .noneMatch(line -> line.contains("secret"));
  }

  private void installInterpreter(String ident) throws IOException {
    PackageFixture.at(fsRoot, ident).metafile("PATH", "/hab/pkgs/" + ident + "/bin").write();
  }

  private InstalledPackage installed() throws Exception {
    return store.find(PackageIdent.parse(IDENT)).orElseThrow();
  }

  private Map<String, String> environment(Map<String, String> supervisor) throws Exception {
    return RunEnvironment.of(installed(), store, supervisor);
  }

  private List<String> environmentOfAProcess(Map<String, String> supervisor) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("/usr/bin/env");
    builder.environment().clear();
    builder.environment().putAll(RunEnvironment.inherited(supervisor));
    builder.environment().putAll(environment(supervisor));
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    return printed.lines().toList();
  }
}
