package dev.monarch.supervisor;

import dev.monarch.supervisor.config.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Keeps a second Supervisor off a tree, ours or an original one (supervisor.md 1.4).
 *
 * <p>{@code LOCK} is opened or created, locked, and only then emptied and given a process id, so
 * that a Supervisor that comes too late leaves it as it is. It is never deleted: a file with a
 * foreign id that nobody has locked is stale and is taken over.
 */
final class TreeLock implements AutoCloseable {
  /** Ten digits hold any process id; more is not one. */
  private static final int PID_CHARACTERS_MAX = 10;

  private final Flock lock;

  private TreeLock(Flock lock) {
    this.lock = lock;
  }

  /**
   * Takes it.
   *
   * @param pid what the file shall hold: whom to signal to end this Supervisor
   */
  static TreeLock take(Layout layout, long pid) throws StartException {
    Path file = layout.lock();
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      Optional<Flock> lock = Flock.tryTake(file);
      if (lock.isEmpty()) {
        String holder = pid(channel).map(id -> " (process " + id + ")").orElse("");
        throw new StartException(
            "expected to be the only Supervisor on %s, found another one running%s, which holds %s; stop it with 'hab sup term', or choose another tree with FS_ROOT"
                .formatted(layout.root(), holder, file));
      }
      try {
        channel.truncate(0);
        byte[] digits = Long.toString(pid).getBytes(StandardCharsets.US_ASCII);
        channel.write(ByteBuffer.wrap(digits), 0);
        return new TreeLock(lock.get());
      } catch (IOException failure) {
        lock.get().close();
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
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Optional<Flock> free = Flock.tryTake(file);
      free.ifPresent(Flock::close);
      return free.isPresent() ? Optional.empty() : pid(channel);
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
    lock.close();
  }
}
