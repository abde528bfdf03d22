package dev.monarch.ring.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Replaces files as a whole. */
public final class AtomicFile {
  /** Readable by the owner only, as the original writes its data. */
  public static final String PRIVATE = "rw-------";

  public static final String PUBLIC = "rw-r--r--";

  private AtomicFile() {}

  /**
   * Writes beside the file, forces it to the disk, and puts it in its place.
   *
   * @param permissions of the new file, such as {@link #PRIVATE}, less what the umask takes away
   */
  public static void write(Path file, byte[] content, String permissions) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(beside);
    try {
      create(beside, permissions);
      try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(beside);
      throw e;
    }
    forceDirectory(file);
  }

  /** The same for private files, with file and cause in the one line of a failure. */
  public static void writeOrSay(Path file, byte[] content) throws IOException {
    try {
      write(file, content, PRIVATE);
    } catch (IOException e) {
      throw new IOException("cannot write " + file + ": " + reason(e), e);
    }
  }

  private static void create(Path file, String permissions) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      FileAttribute<Set<PosixFilePermission>> mode =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
      Files.createFile(file, mode);
    } else {
      Files.createFile(file);
    }
  }

  /** Without it a power failure may undo the renaming. */
  private static void forceDirectory(Path file) {
    try (FileChannel directory =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    } catch (IOException e) {
      // Not every file system can; the content itself is safe already.
    }
  }

  /** What went wrong in words, without the file's name. */
  public static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "permission denied";
      case NoSuchFileException missing -> "no such file or directory";
      case FileSystemException failed ->
          Optional.ofNullable(failed.getReason())
              .map(text -> text.toLowerCase(Locale.ROOT))
              .orElse(failed.getClass().getSimpleName());
      case IOException other ->
          Optional.ofNullable(other.getMessage())
              .map(text -> text.toLowerCase(Locale.ROOT))
              .orElse(other.getClass().getSimpleName());
    };
  }
}
