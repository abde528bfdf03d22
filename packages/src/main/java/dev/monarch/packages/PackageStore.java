package dev.monarch.packages;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The packages installed below {@code hab/pkgs} (supervisor.md 2.4, crypto-and-packages.md 7).
 *
 * <p>A release is <em>visible</em> when its directory {@code origin/name/version/release} is there,
 * is not an installation in progress, and its {@code TARGET} is this store's. What the four
 * directories are called is what the package is called. Links to directories count as directories;
 * whatever else lies about is passed over. Nothing is kept: every question reads the disk.
 */
public final class PackageStore {
  /** How the directory of a release begins while it is being unpacked. */
  private static final String IN_PROGRESS = ".hab-pkg-install";

  private final Path directory;
  private final String target;

  private PackageStore(Path directory, String target) {
    this.directory = directory;
    this.target = target;
  }

  /**
   * What is installed for this machine.
   *
   * @param fsRoot what {@code FS_ROOT} names, {@code /} by default
   */
  public static PackageStore below(Path fsRoot) {
    return new PackageStore(fsRoot.resolve("hab").resolve("pkgs"), activeTarget());
  }

  /** What this machine runs, such as {@code x86_64-linux}. */
  public static String activeTarget() {
    String architecture = System.getProperty("os.arch");
    return (architecture.equals("amd64") ? "x86_64" : architecture) + "-linux";
  }

  /**
   * The greatest visible release that satisfies an ident.
   *
   * @throws MalformedPackageException if that release has a file that cannot be understood
   * @throws IOException if directories or files cannot be read
   */
  public Optional<InstalledPackage> find(PackageIdent wanted) throws IOException {
    Optional<PackageIdent> greatest = Optional.empty();
    for (PackageIdent release : releases(wanted)) {
      if (greatest.isEmpty() || PackageIdent.AGE.compare(greatest.get(), release) < 0) {
        greatest = Optional.of(release);
      }
    }
    return greatest.isPresent()
        ? Optional.of(InstalledPackage.read(greatest.get(), path(greatest.get())))
        : Optional.empty();
  }

  /** All visible releases by origin and name, older ones before newer ones. */
  public List<PackageIdent> list() throws IOException {
    List<PackageIdent> all = new ArrayList<>();
    for (Path origin : directories(directory)) {
      for (Path name : directories(origin)) {
        Optional<PackageIdent> ident = ident(origin.getFileName() + "/" + name.getFileName());
        if (ident.isPresent()) {
          all.addAll(list(ident.get()));
        }
      }
    }
    return List.copyOf(all);
  }

  /** The visible releases that satisfy an ident, older ones before newer ones. */
  public List<PackageIdent> list(PackageIdent wanted) throws IOException {
    List<PackageIdent> byAge = new ArrayList<>();
    for (PackageIdent release : releases(wanted)) {
      // Not sorted, for the order of versions is not always one (PackageVersion).
      int place = byAge.size();
      while (place > 0 && PackageIdent.AGE.compare(release, byAge.get(place - 1)) < 0) {
        place--;
      }
      byAge.add(place, release);
    }
    return List.copyOf(byAge);
  }

  /** In the order of their directories' names. */
  private List<PackageIdent> releases(PackageIdent wanted) throws IOException {
    List<PackageIdent> releases = new ArrayList<>();
    Path name = directory.resolve(wanted.origin()).resolve(wanted.name());
    List<Path> versions =
        wanted.version().isPresent()
            ? List.of(name.resolve(wanted.version().get()))
            : directories(name);
    for (Path version : versions) {
      for (Path release : directories(version)) {
        Optional<PackageIdent> ident =
            ident(
                "%s/%s/%s/%s"
                    .formatted(
                        wanted.origin(),
                        wanted.name(),
                        version.getFileName(),
                        release.getFileName()));
        if (ident.isPresent() && ident.get().satisfies(wanted) && isVisible(release)) {
          releases.add(ident.get());
        }
      }
    }
    return releases;
  }

  private boolean isVisible(Path release) {
    try {
      return !String.valueOf(release.getFileName()).startsWith(IN_PROGRESS)
          && new Metafiles(release).word("TARGET").filter(target::equals).isPresent();
    } catch (IOException unreadable) {
      return false;
    }
  }

  private Path path(PackageIdent release) {
    return directory.resolve(release.toString());
  }

  private static Optional<PackageIdent> ident(String text) {
    try {
      return Optional.of(PackageIdent.parse(text));
    } catch (MalformedIdentException stray) {
      return Optional.empty();
    }
  }

  /** Directories in a directory, by name; none if it is not there, or disappears meanwhile. */
  private static List<Path> directories(Path directory) throws IOException {
    List<Path> directories = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
      entries.forEach(directories::add);
    } catch (NoSuchFileException | NotDirectoryException absent) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    directories.sort(null);
    return directories;
  }
}
