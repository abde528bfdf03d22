package dev.monarch.packages;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One release in its directory, and what its metafiles said when they were read (supervisor.md
 * 2.1).
 *
 * <p>Templates, hooks and {@code default.toml} are told as paths: whoever renders reads them. The
 * only thing ever written into a package is {@code INSTALL_HOOK_STATUS}.
 *
 * @param ident of four parts, taken from the names of the directories
 * @param path the directory, {@code pkg.path} of templates
 * @param owner present only if both {@code SVC_USER} and {@code SVC_GROUP} are
 * @param deps direct dependencies at run time
 * @param tdeps all dependencies at run time, {@code pkg.deps} of templates
 * @param exports what others may read: its name there, and the dotted path of its value here
 * @param exposes ports, as text
 * @param binds names of required binds, and the exports each of them needs
 * @param optionalBinds the same of those that may be left out
 * @param shutdownSignal what ends the run process
 * @param shutdownTimeout whole seconds from that signal to KILL
 * @param searchPath entries of {@code PATH} below the package itself
 * @param runtimePath entries of {@code RUNTIME_PATH}; absent in packages that are too old for it
 * @param environment {@code RUNTIME_ENVIRONMENT}, its {@code PATH} included
 * @param environmentPaths {@code RUNTIME_ENVIRONMENT_PATHS}
 */
public record InstalledPackage(
    PackageIdent ident,
    Path path,
    PackageType type,
    Optional<ServiceOwner> owner,
    List<PackageIdent> deps,
    List<PackageIdent> tdeps,
    Map<String, String> exports,
    List<String> exposes,
    Map<String, List<String>> binds,
    Map<String, List<String>> optionalBinds,
    ShutdownSignal shutdownSignal,
    Duration shutdownTimeout,
    List<String> searchPath,
    Optional<List<String>> runtimePath,
    Map<String, String> environment,
    Map<String, String> environmentPaths) {
  /** The original's (supervisor.md 2.1). */
  private static final Duration SHUTDOWN_TIMEOUT_DEFAULT = Duration.ofSeconds(8);

  private static final long SHUTDOWN_TIMEOUT_SECONDS_MAX = 0xFFFF_FFFFL;

  private static final String INSTALL_HOOK_STATUS = "INSTALL_HOOK_STATUS";

  public InstalledPackage {
    if (!ident.isFullyQualified()) {
      throw new IllegalArgumentException("an installed package without a release: " + ident);
    }
    deps = List.copyOf(deps);
    tdeps = List.copyOf(tdeps);
    exports = ordered(exports);
    exposes = List.copyOf(exposes);
    binds = ordered(binds);
    optionalBinds = ordered(optionalBinds);
    searchPath = List.copyOf(searchPath);
    environment = ordered(environment);
    environmentPaths = ordered(environmentPaths);
  }

  /**
   * Reads a package's metafiles.
   *
   * @param path its directory
   * @throws MalformedPackageException if one of them cannot be understood
   */
  static InstalledPackage read(PackageIdent ident, Path path) throws IOException {
    Metafiles metafiles = new Metafiles(path);
    return new InstalledPackage(
        ident,
        path,
        type(metafiles),
        owner(metafiles),
        metafiles.idents("DEPS"),
        metafiles.idents("TDEPS"),
        metafiles.assignments("EXPORTS"),
        Metafiles.words(metafiles.text("EXPOSES").orElse("")),
        metafiles.binds("BINDS"),
        metafiles.binds("BINDS_OPTIONAL"),
        shutdownSignal(metafiles),
        shutdownTimeout(metafiles),
        searchPath(ident, metafiles),
        metafiles.searchPath("RUNTIME_PATH"),
        metafiles.assignments("RUNTIME_ENVIRONMENT"),
        metafiles.assignments("RUNTIME_ENVIRONMENT_PATHS"));
  }

  /** Can be a service: it has a {@code run} hook or, as old packages do, a {@code run} script. */
  public boolean isRunnable() {
    return Files.isRegularFile(hooks().resolve("run")) || Files.isRegularFile(runScript());
  }

  /** Templates of hooks, one file each. */
  public Path hooks() {
    return path.resolve("hooks");
  }

  /** What runs where there is no {@code run} hook; not a template. */
  public Path runScript() {
    return path.resolve("run");
  }

  /** Templates of the service's configuration. */
  public Path config() {
    return path.resolve("config");
  }

  /** Templates that are rendered before the install hook. */
  public Path configInstall() {
    return path.resolve("config_install");
  }

  /** The lowest layer of configuration. */
  public Path defaultToml() {
    return path.resolve("default.toml");
  }

  /** How the last install hook ended. Whatever is not a number reads as if none had run. */
  public OptionalInt installHookStatus() throws IOException {
    Optional<String> status = new Metafiles(path).word(INSTALL_HOOK_STATUS);
    try {
      return status.isPresent()
          ? OptionalInt.of(Integer.parseInt(status.get()))
          : OptionalInt.empty();
    } catch (NumberFormatException notOurs) {
      return OptionalInt.empty();
    }
  }

  /** Notes how an install hook ended, so that no crash leaves half a number. */
  public void writeInstallHookStatus(int exitCode) throws IOException {
    Path written = Files.createTempFile(path, "." + INSTALL_HOOK_STATUS, "");
    try {
      try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
        channel.write(StandardCharsets.US_ASCII.encode(Integer.toString(exitCode)));
        channel.force(true);
      }
      // Readable to all, as the other metafiles are; temporary files are not.
      Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(written, path.resolve(INSTALL_HOOK_STATUS), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private static PackageType type(Metafiles metafiles) throws IOException {
    String name = metafiles.word("PACKAGE_TYPE").orElse("standard");
    return switch (name) {
      case "standard" -> PackageType.STANDARD;
      case "native" -> PackageType.NATIVE;
      default ->
          throw new MalformedPackageException(
              metafiles.directory().resolve("PACKAGE_TYPE"),
              "expected standard or native, found \"" + name + "\"");
    };
  }

  private static Optional<ServiceOwner> owner(Metafiles metafiles) throws IOException {
    Optional<String> user = metafiles.word("SVC_USER");
    Optional<String> group = metafiles.word("SVC_GROUP");
    return user.flatMap(u -> group.map(g -> new ServiceOwner(u, g)));
  }

  private static ShutdownSignal shutdownSignal(Metafiles metafiles) throws IOException {
    String name = metafiles.word("SHUTDOWN_SIGNAL").orElse("TERM");
    for (ShutdownSignal signal : ShutdownSignal.values()) {
      if (signal.name().equals(name)) {
        return signal;
      }
    }
    throw new MalformedPackageException(
        metafiles.directory().resolve("SHUTDOWN_SIGNAL"),
        "expected one of " + List.of(ShutdownSignal.values()) + ", found \"" + name + "\"");
  }

  private static Duration shutdownTimeout(Metafiles metafiles) throws IOException {
    Optional<String> seconds = metafiles.word("SHUTDOWN_TIMEOUT");
    if (seconds.isEmpty()) {
      return SHUTDOWN_TIMEOUT_DEFAULT;
    }
    if (seconds.get().matches("\\+?[0-9]{1,18}")
        && Long.parseLong(seconds.get()) <= SHUTDOWN_TIMEOUT_SECONDS_MAX) {
      return Duration.ofSeconds(Long.parseLong(seconds.get()));
    }
    throw new MalformedPackageException(
        metafiles.directory().resolve("SHUTDOWN_TIMEOUT"),
        "expected seconds from 0 to "
            + SHUTDOWN_TIMEOUT_SECONDS_MAX
            + ", found \""
            + seconds.get()
            + "\"");
  }

  /**
   * Some old packages list directories of others; those are left out. Entries are written for a
   * package below {@code /hab}, wherever it is.
   */
  private static List<String> searchPath(PackageIdent ident, Metafiles metafiles)
      throws IOException {
    Path prefix = Path.of("/hab/pkgs", ident.toString());
    return metafiles.searchPath("PATH").orElse(List.of()).stream()
        .filter(
            entry ->
                Path.of(entry).startsWith(prefix)
                    || Path.of(entry).startsWith(metafiles.directory()))
        .toList();
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
