package dev.monarch.ring.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Who this member is: {@code MEMBER_ID} and {@code INCARNATION}, both made at the first start
 * (butterfly.md 4.1, 4.2, 10.1).
 */
public final class MemberFiles {
  /** 32 hexadecimal digits when made by us; names a file, so it must not lead elsewhere. */
  private static final Pattern ID = Pattern.compile("[0-9A-Za-z][0-9A-Za-z_.-]{0,127}");

  private final Path incarnationFile;
  private final Path rumorFile;
  private final String id;
  private final long incarnation;

  private MemberFiles(Path dataDirectory, String id, long incarnation) {
    this.incarnationFile = incarnationFile(dataDirectory);
    this.rumorFile = dataDirectory.resolve(id + ".rst");
    this.id = id;
    this.incarnation = incarnation;
  }

  /** Reads both files, makes what is missing, and clears the data directory of leftovers. */
  public static MemberFiles open(Path memberIdFile, Path dataDirectory)
      throws UnusableFileException {
    try {
      Files.createDirectories(dataDirectory);
    } catch (IOException e) {
      throw new UnusableFileException(
          "cannot make the directory "
              + dataDirectory
              + ": "
              + AtomicFile.reason(e)
              + "; make it writable for this user",
          e);
    }
    purge(dataDirectory);
    String id = memberId(memberIdFile);
    return new MemberFiles(dataDirectory, id, incarnation(incarnationFile(dataDirectory)));
  }

  private static Path incarnationFile(Path dataDirectory) {
    return dataDirectory.resolve("INCARNATION");
  }

  private static void purge(Path dataDirectory) throws UnusableFileException {
    try (DirectoryStream<Path> leftovers =
        Files.newDirectoryStream(dataDirectory, "*.{tmp,health}")) {
      for (Path leftover : leftovers) {
        if (Files.isRegularFile(leftover)) {
          deleteIfPossible(leftover);
        }
      }
    } catch (IOException e) {
      throw new UnusableFileException(
          "cannot read the directory "
              + dataDirectory
              + ": "
              + AtomicFile.reason(e)
              + "; make it readable for this user",
          e);
    }
  }

  private static void deleteIfPossible(Path leftover) {
    try {
      Files.deleteIfExists(leftover);
    } catch (IOException e) {
      // It is in nobody's way.
    }
  }

  /** A newline at the end, as an editor leaves it, does not become part of the id (W27). */
  private static String memberId(Path file) throws UnusableFileException {
    if (Files.notExists(file)) {
      String fresh = UUID.randomUUID().toString().replace("-", "");
      create(file, fresh, AtomicFile.PUBLIC);
      return fresh;
    }
    String id = read(file).strip();
    if (!ID.matcher(id).matches()) {
      throw new UnusableFileException(
          "expected a member id in "
              + file
              + ", found \""
              + shorten(id)
              + "\"; delete the file to"
              + " become a new member");
    }
    return id;
  }

  private static long incarnation(Path file) throws UnusableFileException {
    if (Files.notExists(file)) {
      create(file, "0", AtomicFile.PRIVATE);
      return 0;
    }
    String text = read(file).strip();
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new UnusableFileException(
          "expected a whole number in "
              + file
              + ", found \""
              + shorten(text)
              + "\"; write the number back, or delete the file together with MEMBER_ID to become a"
              + " new member",
          e);
    }
  }

  private static String read(Path file) throws UnusableFileException {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UnusableFileException(
          "cannot read "
              + file
              + ": "
              + AtomicFile.reason(e)
              + "; make it a file readable for this user",
          e);
    }
  }

  private static void create(Path file, String content, String permissions)
      throws UnusableFileException {
    try {
      AtomicFile.write(file, content.getBytes(StandardCharsets.UTF_8), permissions);
    } catch (IOException e) {
      throw new UnusableFileException(
          "cannot write "
              + file
              + ": "
              + AtomicFile.reason(e)
              + "; give it room on a disk that this user can write",
          e);
    }
  }

  private static String shorten(String text) {
    String line = text.replaceAll("[^\\x20-\\x7e]", "?");
    return line.length() <= 40 ? line : line.substring(0, 40) + "...";
  }

  public String id() {
    return id;
  }

  /** The incarnation stored when this was opened, unsigned. */
  public long incarnation() {
    return incarnation;
  }

  public Path rumorFile() {
    return rumorFile;
  }

  /**
   * Writes down an incarnation, unsigned; when this returns it survives a crash. A failure says all
   * in one line.
   */
  public void storeIncarnation(long value) throws IOException {
    AtomicFile.writeOrSay(
        incarnationFile, Long.toUnsignedString(value).getBytes(StandardCharsets.US_ASCII));
  }
}
