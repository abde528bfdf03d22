package dev.monarch.supervisor.render;

import dev.monarch.ring.disk.AtomicFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The directory of one service (supervisor.md 1.3).
 *
 * <pre>
 *   svc/NAME                                            the Supervisor's   0755, enforced each time
 *   hooks logs                                          the Supervisor's   0755, enforced each time
 *   config config_install data files var static         the service's      0770, when made
 *   run PID                                             files of the Supervisor
 * </pre>
 *
 * <p>That nobody but the Supervisor can write into {@code svc/NAME} is what {@link Placement}
 * builds on. So one that belongs to somebody else is refused rather than taken over: what lies in
 * it may have been prepared.
 *
 * @param root the directory itself
 */
public record ServiceTree(Path root) {
  private static final Set<PosixFilePermission> SUPERVISORS =
      PosixFilePermissions.fromString("rwxr-xr-x");

  static final Set<PosixFilePermission> SERVICES = PosixFilePermissions.fromString("rwxrwx---");

  public ServiceTree {
    if (root.getNameCount() < 3) {
      throw new IllegalArgumentException(
          "expected a directory such as /hab/svc/web, found " + root);
    }
  }

  /**
   * The tree of a service.
   *
   * @param fsRoot what {@code FS_ROOT} names, or {@code /}
   * @param name the package's, without its origin
   */
  public static ServiceTree of(Path fsRoot, String name) {
    return new ServiceTree(fsRoot.resolve("hab").resolve("svc").resolve(name));
  }

  public Path hooks() {
    return root.resolve("hooks");
  }

  public Path logs() {
    return root.resolve("logs");
  }

  public Path config() {
    return root.resolve("config");
  }

  public Path configInstall() {
    return root.resolve("config_install");
  }

  public Path data() {
    return root.resolve("data");
  }

  public Path files() {
    return root.resolve("files");
  }

  public Path var() {
    return root.resolve("var");
  }

  /** {@code static}, which is a word of the language here. */
  public Path statics() {
    return root.resolve("static");
  }

  /** What is executed: a copy of the {@code run} hook. */
  public Path run() {
    return root.resolve("run");
  }

  public Path pidFile() {
    return root.resolve("PID");
  }

  /**
   * Makes what is not there yet, whatever the umask.
   *
   * @throws IOException with one line that begins as the original's does
   */
  public void create(Ownership ownership) throws IOException {
    ancestors();
    for (Path directory : List.of(root, hooks(), logs())) {
      make(directory);
      check(directory, ownership);
      permit(directory, SUPERVISORS);
    }
    for (Path directory : List.of(config(), configInstall(), data(), files(), var(), statics())) {
      if (make(directory)) {
        give(directory, ownership);
        permit(directory, SERVICES);
      }
    }
    Placement.removeLeftovers(root);
  }

  /** Somebody's strict umask must not keep services out of their own directories. */
  private void ancestors() throws IOException {
    Path svc = Objects.requireNonNull(root.getParent());
    Path hab = Objects.requireNonNull(svc.getParent());
    try {
      Files.createDirectories(hab);
    } catch (IOException failure) {
      throw cannotCreate(hab, AtomicFile.reason(failure), failure);
    }
    boolean isNew = make(svc);
    try {
      if (isNew
          || Files.getAttribute(svc, "unix:uid")
              .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
        Files.setPosixFilePermissions(svc, SUPERVISORS);
      }
    } catch (IOException failure) {
      throw cannotCreate(svc, AtomicFile.reason(failure), failure);
    }
  }

  /** True if it was not there. A link to a directory is as good as one. */
  private static boolean make(Path directory) throws IOException {
    try {
      Files.createDirectory(directory);
      return true;
    } catch (FileAlreadyExistsException there) {
      if (!Files.isDirectory(directory)) {
        throw cannotCreate(directory, "a file is in its place", there);
      }
      return false;
    } catch (IOException failure) {
      throw cannotCreate(directory, AtomicFile.reason(failure), failure);
    }
  }

  private static void check(Path directory, Ownership ownership) throws IOException {
    if (!ownership.isOurs(directory)) {
      throw new IOException(
          "Can't create directory %s: it belongs to %s, who could turn it against the Supervisor; give it to the Supervisor's user with chown, or remove it"
              .formatted(directory, Files.getOwner(directory)));
    }
  }

  private static void give(Path directory, Ownership ownership) throws IOException {
    if (ownership.maySwitch()) {
      PosixFileAttributeView view = view(directory);
      try {
        view.setGroup(ownership.groupPrincipal());
        view.setOwner(ownership.userPrincipal());
      } catch (IOException failure) {
        throw cannotCreate(directory, AtomicFile.reason(failure), failure);
      }
    }
  }

  private static void permit(Path directory, Set<PosixFilePermission> permissions)
      throws IOException {
    try {
      if (!Files.getPosixFilePermissions(directory).equals(permissions)) {
        Files.setPosixFilePermissions(directory, permissions);
      }
    } catch (IOException failure) {
      throw cannotCreate(directory, AtomicFile.reason(failure), failure);
    }
  }

  private static PosixFileAttributeView view(Path directory) {
    return Files.getFileAttributeView(
        directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static IOException cannotCreate(Path directory, String reason, IOException failure) {
    return new IOException("Can't create directory " + directory + ": " + reason, failure);
  }
}
