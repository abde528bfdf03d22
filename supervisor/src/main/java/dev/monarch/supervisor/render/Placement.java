package dev.monarch.supervisor.render;

import dev.monarch.ring.disk.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Puts files into a service's directories: as a whole, only if they changed, and into nobody else's
 * files.
 *
 * <p>{@code config} and {@code files} can be written by the service, and the Supervisor may be
 * root. A service that turned bad could put a symbolic link where the Supervisor is about to write
 * or to give a file away, and so own the password file. Three rules keep it from that:
 *
 * <ul>
 *   <li>A new file is made in a <em>staging</em> directory that only the Supervisor can enter, and
 *       gets content, mode and owner there. It is then renamed into its place; renaming replaces a
 *       link, it does not follow it.
 *   <li>The way down from the directory, which the Supervisor owns, is walked by descriptors
 *       ({@code openat}), without following links. So what was checked is what is used.
 *   <li>A sub-directory is made the same way: staged, given away, renamed.
 * </ul>
 *
 * <p>Staging lies in the service's own directory, which only the Supervisor can write. If the
 * target is mounted, nothing can be renamed into it from there, and the new file is made beside its
 * place. What a service could still do in that moment it can do to files of that mount only.
 *
 * <p>Nothing is forced to the disk: after a power failure everything is rendered anew, and what
 * differs is replaced.
 */
final class Placement {
  enum Outcome {
    UNCHANGED,
    CREATED,
    MODIFIED
  }

  /** Followed by something random. */
  private static final String STAGING = ".staging-";

  private static final Path STAGED = Path.of("staged");

  private static final Set<PosixFilePermission> PRIVATE_DIRECTORY =
      PosixFilePermissions.fromString("rwx------");

  private static final Set<PosixFilePermission> PRIVATE_FILE =
      PosixFilePermissions.fromString("rw-------");

  private final Path root;
  private final Path directory;
  private final Set<PosixFilePermission> permissions;
  private final Optional<Ownership> owner;

  /**
   * @param root the service's directory, which nobody but the Supervisor can write
   * @param directory the same or one directly in it
   * @param permissions of files
   * @param owner whom files and sub-directories are given to; empty for those of the Supervisor
   */
  Placement(Path root, Path directory, String permissions, Optional<Ownership> owner) {
    this.root = root;
    this.directory = directory;
    this.permissions = PosixFilePermissions.fromString(permissions);
    this.owner = owner;
  }

  /**
   * Puts a file in its place unless it is there already.
   *
   * @param name the path below the directory
   * @throws IOException with one line that names the file; what was there before still is
   */
  Outcome place(String name, byte[] content) throws IOException {
    Path relative = Path.of(name);
    Path base = relative.getFileName();
    try (SecureDirectoryStream<Path> parent = parent(relative, true)) {
      Optional<BasicFileAttributes> present = look(parent, base);
      if (present.isPresent() && present.get().isDirectory()) {
        throw new NotDirectoryException(name);
      }
      if (present.isPresent() && holds(parent, base, present.get(), content)) {
        return Outcome.UNCHANGED;
      }
      put(parent, base, content);
      return present.isPresent() ? Outcome.MODIFIED : Outcome.CREATED;
    } catch (NotDirectoryException occupied) {
      throw new IOException(
          "cannot write %s: a directory, file or link is in its way; remove it"
              .formatted(directory.resolve(name)),
          occupied);
    } catch (IOException failure) {
      throw new IOException(
          "cannot write %s: %s".formatted(directory.resolve(name), AtomicFile.reason(failure)),
          failure);
    }
  }

  /**
   * Takes a file away.
   *
   * @param name the path below the directory
   * @return false if it was not there, or something else than a file was
   * @throws IOException with one line that names the file
   */
  boolean remove(String name) throws IOException {
    Path relative = Path.of(name);
    Path base = relative.getFileName();
    try (SecureDirectoryStream<Path> parent = parent(relative, false)) {
      if (look(parent, base).filter(BasicFileAttributes::isRegularFile).isEmpty()) {
        return false;
      }
      parent.deleteFile(base);
      return true;
    } catch (NoSuchFileException | NotDirectoryException gone) {
      return false;
    } catch (IOException failure) {
      throw new IOException(
          "cannot remove %s: %s".formatted(directory.resolve(name), AtomicFile.reason(failure)),
          failure);
    }
  }

  /** The directory that a path ends in, with those on the way made if they are missing. */
  private SecureDirectoryStream<Path> parent(Path relative, boolean makes) throws IOException {
    SecureDirectoryStream<Path> current = open(directory);
    Path way = directory;
    for (int i = 0; i < relative.getNameCount() - 1; i++) {
      Path part = relative.getName(i);
      way = way.resolve(part);
      try (SecureDirectoryStream<Path> above = current) {
        current = enter(above, part, makes ? Optional.of(way) : Optional.empty());
      }
    }
    return current;
  }

  private SecureDirectoryStream<Path> enter(
      SecureDirectoryStream<Path> above, Path part, Optional<Path> wayIfMissing)
      throws IOException {
    Optional<BasicFileAttributes> present = look(above, part);
    if (present.isPresent() && !present.get().isDirectory()) {
      // Opening a pipe would wait for whoever writes into it.
      throw new NotDirectoryException(part.toString());
    }
    if (present.isEmpty()) {
      makeDirectory(
          above, part, wayIfMissing.orElseThrow(() -> new NoSuchFileException(part.toString())));
    }
    return above.newDirectoryStream(part, LinkOption.NOFOLLOW_LINKS);
  }

  @SuppressWarnings("StreamResourceLeak") // whoever asks closes it
  private static SecureDirectoryStream<Path> open(Path path) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(path);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new IOException("this file system has no openat");
  }

  private static Optional<BasicFileAttributes> look(SecureDirectoryStream<Path> parent, Path base)
      throws IOException {
    try {
      return Optional.of(
          parent
              .getFileAttributeView(base, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes());
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    }
  }

  /** True if the file is one, and holds exactly this. */
  private static boolean holds(
      SecureDirectoryStream<Path> parent, Path base, BasicFileAttributes file, byte[] content)
      throws IOException {
    if (!file.isRegularFile() || file.size() != content.length) {
      return false;
    }
    Set<OpenOption> options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try (SeekableByteChannel channel = parent.newByteChannel(base, options)) {
      ByteBuffer found = ByteBuffer.allocate(content.length + 1);
      while (found.hasRemaining() && channel.read(found) >= 0) {
        // Until the end, or until there is more than expected.
      }
      return found.flip().equals(ByteBuffer.wrap(content));
    } catch (AccessDeniedException notReadable) {
      return false;
    }
  }

  private void put(SecureDirectoryStream<Path> parent, Path base, byte[] content)
      throws IOException {
    Path staging = makeStaging();
    try (SecureDirectoryStream<Path> source = open(staging)) {
      write(source, STAGED, content);
      source.move(STAGED, parent, base);
    } catch (AtomicMoveNotSupportedException mounted) {
      putBeside(parent, base, content);
    } finally {
      removeStaging(staging);
    }
  }

  private void putBeside(SecureDirectoryStream<Path> parent, Path base, byte[] content)
      throws IOException {
    Path beside = Path.of(STAGING + UUID.randomUUID());
    try {
      write(parent, beside, content);
      parent.move(beside, parent, base);
    } catch (IOException failure) {
      if (look(parent, beside).isPresent()) {
        parent.deleteFile(beside);
      }
      throw failure;
    }
  }

  private void write(SecureDirectoryStream<Path> parent, Path base, byte[] content)
      throws IOException {
    Set<OpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try (SeekableByteChannel channel =
        parent.newByteChannel(base, options, PosixFilePermissions.asFileAttribute(PRIVATE_FILE))) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    }
    give(
        parent.getFileAttributeView(base, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS),
        permissions);
  }

  private void makeDirectory(SecureDirectoryStream<Path> above, Path part, Path way)
      throws IOException {
    Path staging = makeStaging();
    try (SecureDirectoryStream<Path> source = open(staging)) {
      Files.createDirectory(staging.resolve(STAGED));
      give(
          source.getFileAttributeView(
              STAGED, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS),
          ServiceTree.SERVICES);
      source.move(STAGED, above, part);
    } catch (AtomicMoveNotSupportedException mounted) {
      Files.createDirectory(way);
      give(
          above.getFileAttributeView(part, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS),
          ServiceTree.SERVICES);
    } finally {
      removeStaging(staging);
    }
  }

  private void give(PosixFileAttributeView view, Set<PosixFilePermission> mode) throws IOException {
    view.setPermissions(mode);
    if (owner.isPresent() && owner.get().maySwitch()) {
      view.setGroup(owner.get().groupPrincipal());
      view.setOwner(owner.get().userPrincipal());
    }
  }

  private Path makeStaging() throws IOException {
    return Files.createTempDirectory(
        root, STAGING, PosixFilePermissions.asFileAttribute(PRIVATE_DIRECTORY));
  }

  private static void removeStaging(Path staging) throws IOException {
    Files.deleteIfExists(staging.resolve(STAGED));
    Files.deleteIfExists(staging);
  }

  /** Removes what a Supervisor left that was killed in the middle. */
  static void removeLeftovers(Path root) throws IOException {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(root, STAGING + "*")) {
      for (Path staging : leftovers) {
        removeStaging(staging);
      }
    }
  }
}
