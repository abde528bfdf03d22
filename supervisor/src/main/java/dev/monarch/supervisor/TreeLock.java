package dev.monarch.supervisor;

import dev.monarch.supervisor.config.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Keeps a second Supervisor off a tree (supervisor.md 1.4).
 *
 * <p>{@code LOCK} is opened or created, locked, and only then emptied and given our process id, so
 * that a Supervisor that comes too late leaves it as it is. It is never deleted: a file with a
 * foreign id that nobody has locked is stale and is taken over.
 *
 * <p>The JDK takes POSIX record locks, the original takes {@code flock}, and Linux keeps the two
 * apart. An original on the same tree is therefore looked for among the kernel's list of locks. A
 * record lock ends as soon as its process closes the file anywhere, so nothing else in a
 * Supervisor's process may open {@code LOCK}.
 */
final class TreeLock implements AutoCloseable {
  /** Ten digits hold any process id; more is not one. */
  private static final int PID_CHARACTERS_MAX = 10;

  private final FileChannel channel;

  private TreeLock(FileChannel channel) {
    this.channel = channel;
  }

  static TreeLock take(Layout layout) throws StartException {
    Path file = layout.lock();
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        if (!lock(channel) || KernelLocks.isFlocked(file)) {
          String holder = pid(channel).map(pid -> " (process " + pid + ")").orElse("");
          channel.close();
          throw new StartException(
              "expected to be the only Supervisor on %s, found another one running%s, which holds %s; stop it with 'hab sup term', or choose another tree with FS_ROOT"
                  .formatted(layout.root(), holder, file));
        }
        channel.truncate(0);
        String pid = Long.toString(ProcessHandle.current().pid());
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
        return new TreeLock(channel);
      } catch (IOException failure) {
        channel.close();
        throw failure;
      }
    } catch (IOException failure) {
      throw new StartException(
          "expected to lock %s, found: %s; check who owns the directory and that its disk is not full"
              .formatted(file, Cause.of(failure)),
          failure);
    }
  }

  /** The process that holds the lock of a tree; empty if none does. */
  static Optional<Long> holder(Layout layout) throws IOException {
    Path file = layout.lock();
    // Locking for writing needs a file that is open for writing.
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      boolean free = lock(channel) && !KernelLocks.isFlocked(file);
      return free ? Optional.empty() : pid(channel);
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException ownProcess) {
      return false;
    }
  }

  private static Optional<Long> pid(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(PID_CHARACTERS_MAX);
    channel.read(buffer, 0);
    String text =
        new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).strip();
    return text.matches("[0-9]+") ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException ignored) {
      // The lock is gone in any case once the descriptor is, and nothing was left to write.
    }
  }
}
