package dev.monarch.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes an installed package for a test, as an installer would have left it:
 *
 * <pre>
 *   PackageFixture.at(fsRoot, "acme/web/1.0.0/20260101000000")
 *       .hook("run", "#!/bin/sh\nexec sleep 1000\n")
 *       .defaultToml("port = 80")
 *       .config("app.conf", "port={{cfg.port}}")
 *       .exports("port=port")
 *       .write();
 * </pre>
 *
 * <p>Nothing is checked, so that a test can write a bad package as easily as a good one. What is
 * not told is not there, except {@code IDENT} and a {@code TARGET} of this machine.
 */
public final class PackageFixture {
  private final Path directory;
  private final Map<String, String> files = new LinkedHashMap<>();

  private PackageFixture(Path directory) {
    this.directory = directory;
  }

  /**
   * A package that has a target and nothing else yet.
   *
   * @param fsRoot what {@code FS_ROOT} names
   * @param ident all four parts
   */
  public static PackageFixture at(Path fsRoot, String ident) {
    return new PackageFixture(fsRoot.resolve("hab/pkgs").resolve(ident))
        .metafile("IDENT", ident)
        .metafile("TARGET", target());
  }

  /** The target packages need on this machine. */
  public static String target() {
    return System.getProperty("os.arch").equals("aarch64") ? "aarch64-linux" : "x86_64-linux";
  }

  /** A file of the package's own directory with a line end added. */
  public PackageFixture metafile(String name, String text) {
    return file(name, text + "\n");
  }

  /**
   * Any file.
   *
   * @param path below the package's directory
   */
  public PackageFixture file(String path, String text) {
    files.put(path, text);
    return this;
  }

  public PackageFixture hook(String name, String template) {
    return file("hooks/" + name, template);
  }

  public PackageFixture config(String path, String template) {
    return file("config/" + path, template);
  }

  public PackageFixture configInstall(String path, String template) {
    return file("config_install/" + path, template);
  }

  public PackageFixture defaultToml(String toml) {
    return metafile("default.toml", toml);
  }

  /** Lines such as {@code db=port host}. */
  public PackageFixture binds(String... lines) {
    return lines("BINDS", lines);
  }

  public PackageFixture bindsOptional(String... lines) {
    return lines("BINDS_OPTIONAL", lines);
  }

  /** Lines such as {@code port=server.port}. */
  public PackageFixture exports(String... lines) {
    return lines("EXPORTS", lines);
  }

  public PackageFixture exposes(String... keys) {
    return metafile("EXPOSES", String.join(" ", keys));
  }

  /** Full idents. */
  public PackageFixture deps(String... idents) {
    return lines("DEPS", idents);
  }

  public PackageFixture tdeps(String... idents) {
    return lines("TDEPS", idents);
  }

  /** Lines such as {@code KEY=value}. */
  public PackageFixture environment(String... lines) {
    return lines("RUNTIME_ENVIRONMENT", lines);
  }

  public PackageFixture runtimePath(String... directories) {
    return metafile("RUNTIME_PATH", String.join(":", directories));
  }

  public PackageFixture user(String user, String group) {
    return metafile("SVC_USER", user).metafile("SVC_GROUP", group);
  }

  /** Such as {@code QUIT}. */
  public PackageFixture shutdownSignal(String name) {
    return metafile("SHUTDOWN_SIGNAL", name);
  }

  public PackageFixture shutdownTimeout(int seconds) {
    return metafile("SHUTDOWN_TIMEOUT", Integer.toString(seconds));
  }

  /** Writes it all and returns the package's directory. */
  public Path write() throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    return directory;
  }

  private PackageFixture lines(String metafile, String... lines) {
    return metafile(metafile, String.join("\n", lines));
  }
}
