package dev.monarch.supervisor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A lock on a file of the kind that {@code flock(2)} takes.
 *
 * <p>The original locks so. The JDK takes record locks, and Linux keeps the two apart: neither
 * keeps off who takes the other. This one belongs to a descriptor of its own, which no other
 * program inherits, and ends with it or with the process, however that ends.
 */
final class Flock implements AutoCloseable {
  private static final int READ_ONLY_CLOSE_ON_EXEC = 0x8_0000;
  private static final int EXCLUSIVE_OR_FAIL = 2 | 4;
  private static final int EWOULDBLOCK = 11;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = CALL_STATE.varHandle(PathElement.groupElement("errno"));

  /**
   * Two words in, a number out. On Linux's 64-bit platforms a function finds its arguments in the
   * same registers whatever their widths, and one shape costs the start one stub instead of three.
   */
  @SuppressWarnings("restricted") // hab allows it with --enable-native-access
  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
          Linker.Option.captureCallState("errno"));

  private static final MemorySegment OPEN = function("open");
  private static final MemorySegment FLOCK = function("flock");
  private static final MemorySegment CLOSE = function("close");

  private final int descriptor;
  private boolean held = true;

  private Flock(int descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Takes the lock of a file that exists.
   *
   * @return empty if anybody holds it, another one in this process included
   */
  static Optional<Flock> tryTake(Path file) throws IOException {
    int descriptor;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(file.toString());
      descriptor = call(OPEN, path.address(), READ_ONLY_CLOSE_ON_EXEC);
    }
    if (descriptor < 0) {
      throw failure(file, "open", -descriptor);
    }
    int result = call(FLOCK, descriptor, EXCLUSIVE_OR_FAIL);
    if (result == 0) {
      return Optional.of(new Flock(descriptor));
    }
    int _ = call(CLOSE, descriptor, 0);
    if (result == -EWOULDBLOCK) {
      return Optional.empty();
    }
    throw failure(file, "flock", -result);
  }

  private static FileSystemException failure(Path file, String call, int error) {
    return new FileSystemException(file.toString(), null, call + " failed with error " + error);
  }

  private static MemorySegment function(String name) {
    return LINKER
        .defaultLookup()
        .find(name)
        .orElseThrow(() -> new IllegalStateException("the C library has no " + name));
  }

  /** What the function returns; -errno if it failed. */
  private static int call(MemorySegment function, long first, long second) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      int result = (int) CALL.invokeExact(function, state, first, second);
      return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new IllegalStateException("a foreign call threw", impossible);
    }
  }

  @Override
  public void close() {
    if (held) {
      held = false;
      int _ = call(CLOSE, descriptor, 0);
    }
  }
}
