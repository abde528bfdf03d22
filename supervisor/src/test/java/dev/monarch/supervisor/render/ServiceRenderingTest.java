package dev.monarch.supervisor.render;

import static dev.monarch.supervisor.render.Service.below;
import static dev.monarch.supervisor.render.Service.context;
import static dev.monarch.supervisor.render.Service.mode;
import static dev.monarch.supervisor.render.Service.ours;
import static dev.monarch.supervisor.render.Service.owner;
import static dev.monarch.supervisor.render.Service.somebodyElses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.checks.Check;
import dev.monarch.checks.PackageFixture;
import dev.monarch.packages.InstalledPackage;
import dev.monarch.packages.PackageIdent;
import dev.monarch.packages.PackageStore;
import dev.monarch.supervisor.service.Hook;
import dev.monarch.supervisor.service.Line;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceRenderingTest {
  private static final String IDENT = "acme/web/1.0.0/20260101000000";

  @TempDir private Path fsRoot;
  private ServiceTree tree;

  @BeforeEach
  void aServicesDirectory() throws IOException {
    tree = ServiceTree.of(fsRoot, "web");
  }

  private PackageFixture web() {
    return PackageFixture.at(fsRoot, IDENT)
        .hook("run", "#!/bin/sh\nexec sleep 1000\n")
        .config("app.conf", "port={{cfg.port}}\n");
  }

  private InstalledPackage installed(String ident) throws Exception {
    return PackageStore.below(fsRoot).find(PackageIdent.parse(ident)).orElseThrow();
  }

  private ServiceRendering compile(PackageFixture fixture) throws Exception {
    return compile(fixture, ours());
  }

  private ServiceRendering compile(PackageFixture fixture, Ownership ownership) throws Exception {
    fixture.write();
    return compile(IDENT, Optional.empty(), ownership);
  }

  private ServiceRendering compile(String ident, Optional<Path> configFrom, Ownership ownership)
      throws Exception {
    tree.create(ownership);
    return ServiceRendering.compile(
        "web.default", installed(ident), configFrom, tree, ownership, fsRoot);
  }

  @Test
  void hooksAndConfigurationAreRenderedInTheirModes() throws Exception {
    Rendered rendered =
        compile(web().hook("init", "port {{cfg.port}}").config("sub/deep/b.conf", "b"))
            .render(context("port", 80L));

    assertThat(tree.config().resolve("app.conf")).hasContent("port=80\n");
    assertThat(mode(tree.config().resolve("app.conf"))).isEqualTo("rwxr-----");
    assertThat(mode(tree.config().resolve("sub"))).isEqualTo("rwxrwx---");
    assertThat(mode(tree.config().resolve("sub/deep/b.conf"))).isEqualTo("rwxr-----");
    assertThat(tree.hooks().resolve("init")).hasContent("port 80");
    assertThat(mode(tree.hooks().resolve("run"))).isEqualTo("rwxr-xr-x");
    assertThat(tree.run()).hasSameBinaryContentAs(tree.hooks().resolve("run"));
    assertThat(mode(tree.run())).isEqualTo("rwxr-xr-x");
    assertThat(rendered.changedHooks()).containsExactly(Hook.INIT, Hook.RUN);
    assertThat(rendered.created())
        .containsExactly(
            tree.config().resolve("app.conf"), tree.config().resolve("sub/deep/b.conf"));
    assertThat(rendered.problems()).isEmpty();
  }

  @Test
  void configurationBelongsToTheServiceAndHooksToTheSupervisor() throws Exception {
    Rendered rendered =
        compile(web().config("sub/b.conf", "b"), somebodyElses()).render(context("port", 80L));

    assertThat(rendered.problems()).isEmpty();
    assertThat(owner(tree.config().resolve("app.conf"))).isEqualTo("nobody");
    assertThat(owner(tree.config().resolve("sub"))).isEqualTo("nobody");
    assertThat(owner(tree.config().resolve("sub/b.conf"))).isEqualTo("nobody");
    assertThat(owner(tree.hooks().resolve("run"))).isEqualTo("root");
    assertThat(owner(tree.run())).isEqualTo("root");
    assertThat(owner(tree.root().resolve(".rendered"))).isEqualTo("root");
  }

  @Test
  void aStrictUmaskChangesNoMode() throws Exception {
    ServiceRendering rendering = compile(web().config("sub/b.conf", "b"));

    Umask.during(0077, () -> rendering.render(context("port", 80L)));

    assertThat(mode(tree.hooks().resolve("run"))).isEqualTo("rwxr-xr-x");
    assertThat(mode(tree.config().resolve("sub"))).isEqualTo("rwxrwx---");
    assertThat(mode(tree.config().resolve("app.conf"))).isEqualTo("rwxr-----");
  }

  /** A file of the observed package, or what the original, version 2.1.78, made of it. */
  private static String observed(String name) throws IOException {
    try (var in = ServiceRenderingTest.class.getResourceAsStream("vectors/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void anObservedPackageIsRenderedAsTheOriginalDid() throws Exception {
    var database = Map.of("sys", Map.of("ip", "127.0.7.1"), "cfg", Map.of("port", 5432L));
    ServiceRendering rendering =
        compile(
            PackageFixture.at(fsRoot, IDENT)
                .hook("init", observed("package-web/hooks/init"))
                .hook("run", observed("package-web/hooks/run"))
                .config("app.conf", observed("package-web/config/app.conf")));

    rendering.render(
        Map.of(
            "pkg",
            Map.of("svc_data_path", "/tmp/ring/hab/svc/web/data"),
            "cfg",
            Map.of("port", 8080L, "log", Map.of("level", "info")),
            "bind",
            Map.of("db", Map.of("members", List.of(database)))));

    assertThat(Files.readString(tree.config().resolve("app.conf")))
        .isEqualTo(observed("svc-web/config/app.conf"));
    for (String hook : List.of("init", "run")) {
      assertThat(Files.readString(tree.hooks().resolve(hook)))
          .isEqualTo(observed("svc-web/hooks/" + hook));
    }
    assertThat(Files.readString(tree.run())).isEqualTo(observed("svc-web/run"));
  }

  @Test
  void linesAreThoseOfTheOriginal() throws Exception {
    ServiceRendering rendering = compile(web());

    assertThat(rendering.render(context("port", 80L)).lines())
        .extracting(Line::toString)
        .containsExactly(
            "web.default(HK): Modified hook content in " + tree.hooks().resolve("run"),
            "web.default(SR): Hooks recompiled",
            "web.default(CF): Created configuration file " + tree.config().resolve("app.conf"));
    assertThat(rendering.render(context("port", 81L)).lines())
        .extracting(Line::toString)
        .containsExactly(
            "web.default(CF): Modified configuration file " + tree.config().resolve("app.conf"));
  }

  @Test
  void whatDidNotChangeIsNotWritten() throws Exception {
    PackageFixture web = web();
    compile(web).render(context("port", 80L));
    FileTime longAgo = FileTime.fromMillis(1_000_000);
    for (String file : below(tree.root()).toList()) {
      Files.setLastModifiedTime(tree.root().resolve(file), longAgo);
    }

    Rendered again = compile(web).render(context("port", 80L));

    assertThat(again.changedHooks()).isEmpty();
    assertThat(again.hasChangedConfiguration()).isFalse();
    assertThat(again.lines()).isEmpty();
    for (Path file :
        new Path[] {tree.config().resolve("app.conf"), tree.hooks().resolve("run"), tree.run()}) {
      assertThat(Files.getLastModifiedTime(file)).as(file.toString()).isEqualTo(longAgo);
    }
  }

  @Test
  void aFileThatSomebodyEditedIsReplaced() throws Exception {
    ServiceRendering rendering = compile(web());
    rendering.render(context("port", 80L));
    Files.writeString(tree.config().resolve("app.conf"), "port=99\n");

    assertThat(rendering.render(context("port", 80L)).modified())
        .containsExactly(tree.config().resolve("app.conf"));
    assertThat(tree.config().resolve("app.conf")).hasContent("port=80\n");
  }

  @Test
  @Check("supervisor-57")
  void onlyTheHookThatDependsOnAValueChangesWithIt() throws Exception {
    ServiceRendering rendering =
        compile(
            PackageFixture.at(fsRoot, IDENT)
                .hook("run", "run {{cfg.port}}")
                .hook("health-check", "check {{cfg.interval}}")
                .config("app.conf", "nothing"));
    rendering.render(Map.of("cfg", Map.of("port", 80L, "interval", 1L)));

    Rendered port = rendering.render(Map.of("cfg", Map.of("port", 81L, "interval", 1L)));
    Rendered interval = rendering.render(Map.of("cfg", Map.of("port", 81L, "interval", 2L)));

    assertThat(port.changedHooks()).containsExactly(Hook.RUN);
    assertThat(port.hasChangedConfiguration()).isFalse();
    assertThat(tree.run()).hasContent("run 81");
    assertThat(interval.changedHooks()).containsExactly(Hook.HEALTH_CHECK);
  }

  @Test
  @Check("supervisor-62")
  void valuesAreWrittenUnescaped() throws Exception {
    compile(web().config("app.conf", "{{cfg.s}} {{{cfg.s}}}")).render(context("s", "<a&b>"));

    assertThat(tree.config().resolve("app.conf")).hasContent("<a&b> <a&b>");
  }

  @Test
  void aFileThatCannotBeRenderedStaysAndTheOthersAreRendered() throws Exception {
    ServiceRendering rendering =
        compile(
            web()
                .config("a.conf", "{{toUppercase cfg.name}}")
                .hook("init", "{{toUppercase cfg.name}}"));
    rendering.render(Map.of("cfg", Map.of("port", 80L, "name", "web")));

    Rendered rendered = rendering.render(Map.of("cfg", Map.of("port", 81L, "name", 5L)));

    assertThat(tree.config().resolve("a.conf")).hasContent("WEB");
    assertThat(tree.hooks().resolve("init")).hasContent("WEB");
    assertThat(tree.config().resolve("app.conf")).hasContent("port=81\n");
    assertThat(rendered.problems()).hasSize(2);
    assertThat(rendered.problems().getFirst())
        .startsWith("Failed to compile init hook: Error rendering \"init\" line 1, col ");
    assertThat(rendered.problems().getLast())
        .startsWith("Failed to compile configuration: Error rendering \"a.conf\" line 1, col ");
  }

  @Test
  void aTemplateThatIsNoneIsRefused() {
    assertThatThrownBy(() -> compile(web().config("bad.conf", "{{#if cfg.x}}")))
        .isInstanceOf(RenderingException.class)
        .hasMessageContaining("bad.conf");
    assertThatThrownBy(() -> compile(web().hook("run", "{{cfg.l[0]}}").config("bad.conf", "")))
        .isInstanceOf(RenderingException.class)
        .hasMessageContaining("run");
  }

  @Test
  void aFileThatIsNotUtf8IsRefused() throws Exception {
    Path directory = web().write();
    Path logo = directory.resolve("config/logo.png");
    Files.write(logo, new byte[] {(byte) 0x89, 'P', 'N', 'G'});

    assertThatThrownBy(() -> compile(IDENT, Optional.empty(), ours()))
        .isInstanceOf(RenderingException.class)
        .hasMessageContaining("expected UTF-8 text in " + logo);
  }

  @Test
  void linksInTheConfigurationAreSkipped() throws Exception {
    Path directory = web().write();
    Files.createSymbolicLink(directory.resolve("config/link.conf"), Path.of("app.conf"));
    Files.createSymbolicLink(directory.resolve("config/loop"), directory);

    compile(IDENT, Optional.empty(), ours()).render(context("port", 80L));

    assertThat(below(tree.config())).containsExactly("app.conf");
  }

  @Test
  void aSiblingCanBeIncluded() throws Exception {
    compile(web().config("all.conf", "{{> app.conf}}!")).render(context("port", 80L));

    assertThat(tree.config().resolve("all.conf")).hasContent("port=80\n!");
  }

  @Test
  void filesWhoseTemplatesVanishedInAnotherReleaseAreRemoved() throws Exception {
    compile(web().config("old/a.conf", "a").hook("reconfigure", "old"))
        .render(context("port", 80L));
    Files.writeString(tree.config().resolve("made-by-the-service"), "stays");
    String next = "acme/web/2.0.0/20260102000000";
    PackageFixture.at(fsRoot, next).hook("run", "new").config("app.conf", "new").write();

    Rendered rendered = compile(next, Optional.empty(), ours()).render(Map.of());

    assertThat(below(tree.config())).containsExactly("app.conf", "made-by-the-service", "old");
    assertThat(below(tree.hooks())).containsExactly("run");
    assertThat(rendered.removed()).containsExactly(tree.config().resolve("old/a.conf"));
  }

  @Test
  void configFromTakesThePlaceOfThePackagesHooksAndConfiguration(@TempDir Path source)
      throws Exception {
    web().hook("init", "package's").write();
    Files.createDirectories(source.resolve("config"));
    Files.createDirectories(source.resolve("hooks"));
    Files.writeString(source.resolve("config/mine.conf"), "mine");
    Files.writeString(source.resolve("hooks/run"), "mine");

    ServiceRendering rendering = compile(IDENT, Optional.of(source), ours());
    rendering.render(Map.of());

    assertThat(rendering.hooks()).containsExactly(Hook.RUN);
    assertThat(below(tree.config())).containsExactly("mine.conf");
    assertThat(tree.run()).hasContent("mine");
  }

  @Test
  void anOldPackagesRunScriptIsCopiedAsItIs() throws Exception {
    compile(PackageFixture.at(fsRoot, IDENT).file("run", "{{not a template")).render(Map.of());

    assertThat(tree.run()).hasContent("{{not a template");
    assertThat(mode(tree.run())).isEqualTo("rwxr-xr-x");
  }

  @Test
  void anInstallHookIsRenderedWithItsOwnConfiguration() throws Exception {
    web().hook("install", "install {{pkg.name}}").configInstall("i.conf", "{{pkg.name}}").write();
    tree.create(ours());

    Rendered rendered =
        ServiceRendering.compileFor(Hook.INSTALL, installed(IDENT), tree, ours(), fsRoot)
            .render(Map.of("pkg", Map.of("name", "web")));

    assertThat(rendered.problems()).isEmpty();
    assertThat(tree.hooks().resolve("install")).hasContent("install web");
    assertThat(tree.configInstall().resolve("i.conf")).hasContent("web");
    assertThat(below(tree.config())).isEmpty();
    assertThat(tree.run()).doesNotExist();
  }

  @Test
  void aDirectoryThatTheServiceReplacedByALinkIsNotWrittenThrough(@TempDir Path elsewhere)
      throws Exception {
    ServiceRendering rendering = compile(web().config("sub/passwd", "{{cfg.port}}"));
    rendering.render(context("port", 80L));
    Files.delete(tree.config().resolve("sub/passwd"));
    Files.delete(tree.config().resolve("sub"));
    Files.createSymbolicLink(tree.config().resolve("sub"), elsewhere);
    Path victim = Files.writeString(elsewhere.resolve("passwd"), "root");

    Rendered rendered = rendering.render(context("port", 81L));

    assertThat(victim).hasContent("root");
    assertThat(rendered.problems())
        .singleElement()
        .asString()
        .contains("sub/passwd", "is in its way");
    assertThat(tree.config().resolve("app.conf")).hasContent("port=81\n");
  }

  @Test
  void aLinkInThePlaceOfAFileIsReplaced(@TempDir Path elsewhere) throws Exception {
    Path victim = Files.writeString(elsewhere.resolve("shadow"), "root");
    ServiceRendering rendering = compile(web());
    Files.createSymbolicLink(tree.config().resolve("app.conf"), victim);

    rendering.render(context("port", 80L));

    assertThat(victim).hasContent("root");
    assertThat(tree.config().resolve("app.conf")).isRegularFile();
  }

  @Test
  void aPipeInThePlaceOfAFileHoldsNobodyUp() throws Exception {
    ServiceRendering rendering = compile(web());
    new ProcessBuilder("mkfifo", tree.config().resolve("app.conf").toString()).start().waitFor();

    rendering.render(context("port", 80L));

    assertThat(tree.config().resolve("app.conf")).hasContent("port=80\n");
  }

  @Test
  void aDirectoryInThePlaceOfAFileIsAProblemOfThatFileAlone() throws Exception {
    ServiceRendering rendering = compile(web().config("b.conf", "b"));
    Files.createDirectories(tree.config().resolve("app.conf/inside"));

    Rendered rendered = rendering.render(context("port", 80L));

    assertThat(rendered.problems()).singleElement().asString().contains("app.conf");
    assertThat(tree.config().resolve("b.conf")).hasContent("b");
  }

  @Test
  void aFullDiskLeavesOldFilesAsTheyWereAndIsAProblem() throws Exception {
    try (var _ = new SmallDisk(tree.root(), "64k")) {
      ServiceRendering rendering =
          compile(web().config("big.conf", "{{cfg.text}}").hook("init", "{{cfg.text}}"));
      rendering.render(context("text", "old"));

      Rendered rendered = rendering.render(context("text", "x".repeat(100_000)));

      assertThat(rendered.problems()).hasSize(2).allMatch(line -> line.contains("no space left"));
      assertThat(tree.config().resolve("big.conf")).hasContent("old");
      assertThat(tree.hooks().resolve("init")).hasContent("old");
      assertThat(rendering.render(context("text", "new")).problems()).isEmpty();
      assertThat(tree.config().resolve("big.conf")).hasContent("new");
    }
  }

  @Test
  void configurationMayLieOnAFileSystemOfItsOwn() throws Exception {
    try (var _ = new SmallDisk(tree.config(), "1m")) {
      ServiceRendering rendering =
          compile(web().config("sub/b.conf", "{{cfg.port}}"), somebodyElses());

      assertThat(rendering.render(context("port", 80L)).problems()).isEmpty();
      assertThat(rendering.render(context("port", 81L)).modified()).hasSize(2);

      assertThat(tree.config().resolve("sub/b.conf")).hasContent("81");
      assertThat(owner(tree.config().resolve("sub/b.conf"))).isEqualTo("nobody");
      assertThat(mode(tree.config().resolve("sub"))).isEqualTo("rwxrwx---");
      assertThat(below(tree.config())).containsExactly("app.conf", "sub", "sub/b.conf");
    }
  }

  @Test
  void nothingOfAHalfWrittenFileIsLeft() throws Exception {
    compile(web()).render(context("port", 80L));

    assertThat(below(tree.root())).noneMatch(name -> name.contains("staging"));
  }
}
