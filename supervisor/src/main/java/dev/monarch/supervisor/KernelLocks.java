package dev.monarch.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Looks for locks of the {@code flock} kind, which the JDK cannot take or see, in {@code /proc}.
 */
final class KernelLocks {
  private static final Path LIST = Path.of("/proc/locks");

  private KernelLocks() {}

  /**
   * True if any process holds a {@code flock} on the file; false where the system does not tell.
   */
  static boolean isFlocked(Path file) {
    try {
      // 1: FLOCK  ADVISORY  READ 4711 fe:01:131 0 EOF
      long device = ((Number) Files.getAttribute(file, "unix:dev")).longValue();
      long inode = ((Number) Files.getAttribute(file, "unix:ino")).longValue();
      String place = "%02x:%02x:%d".formatted(major(device), minor(device), inode);
      return Files.readAllLines(LIST).stream()
          .map(line -> line.split("\\s+"))
          .anyMatch(
              fields -> fields.length > 5 && fields[1].equals("FLOCK") && fields[5].equals(place));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException notTold) {
      return false;
    }
  }

  /** How Linux packs a device number for user space. */
  private static long major(long device) {
    return (device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL);
  }

  private static long minor(long device) {
    return (device & 0xff) | (device >>> 12 & ~0xffL);
  }
}
