package dev.monarch.launcher;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The calls of Linux that the JDK lacks.
 *
 * <p>Every function is called in one shape, six words in and one word out. On Linux's two 64-bit
 * platforms a function finds its integers and pointers in the same registers whatever their widths,
 * leaves alone what it does not know, and a narrow result is the low half of the word. One shape
 * costs the JVM one stub instead of a dozen: a Launcher shall be small and quick to start.
 *
 * <p>What fails returns {@code -errno}, as the kernel itself does.
 */
@SuppressWarnings("restricted")
final class Linux {
  static final int EPERM = 1;
  static final int ESRCH = 3;
  static final int EINTR = 4;
  static final int ENOEXEC = 8;

  /** Poll's events: something to read; and the results that come unasked. */
  static final short POLLIN = 1;

  private static final int P_ALL = 0;
  private static final int P_PID = 1;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x0100_0000;
  private static final int CLD_EXITED = 1;
  private static final int SIGINFO_BYTES = 128;
  private static final long SIGINFO_CODE = 8;
  private static final long SIGINFO_PID = 16;
  private static final long SIGINFO_STATUS = 24;

  private static final int O_CLOEXEC = 0x8_0000;
  private static final int EFD_NONBLOCK_CLOEXEC = 0x800 | O_CLOEXEC;
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int RLIMIT_RTTIME = 15;

  /** The same on all platforms since Linux 5.3; the wrapper in the C library is younger. */
  private static final long SYS_PIDFD_OPEN = 434;

  /** The same on all platforms since Linux 5.1. */
  private static final long SYS_PIDFD_SEND_SIGNAL = 424;

  private static final short SPAWN_SETSIGDEF = 0x04;
  private static final short SPAWN_SETSIGMASK = 0x08;
  private static final short SPAWN_SETSID = 0x80;

  /** More than either structure of {@code posix_spawn} takes. */
  private static final int SPAWN_STRUCTURE_BYTES = 1024;

  private static final int SIGNAL_SET_BYTES = 128;

  /** Signals 1 to 31 but KILL and STOP, which are never handled. */
  private static final long HANDLED_SIGNALS = 0x7fff_ffffL & ~(1L << 8) & ~(1L << 18);

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = CALL_STATE.varHandle(PathElement.groupElement("errno"));
  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
  private static final AddressLayout POINTER = ValueLayout.ADDRESS;

  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          FunctionDescriptor.of(WORD, WORD, WORD, WORD, WORD, WORD, WORD),
          Linker.Option.captureCallState("errno"));

  private static final MemorySegment KILL = function("kill");
  private static final MemorySegment PRCTL = function("prctl");
  private static final MemorySegment PRLIMIT = function("prlimit");
  private static final MemorySegment SYSCALL = function("syscall");
  private static final MemorySegment POLL = function("poll");
  private static final MemorySegment WAITID = function("waitid");
  private static final MemorySegment PIPE2 = function("pipe2");
  private static final MemorySegment EVENTFD = function("eventfd");
  private static final MemorySegment READ = function("read");
  private static final MemorySegment WRITE = function("write");
  private static final MemorySegment CLOSE = function("close");
  private static final MemorySegment SPAWN = function("posix_spawn");
  private static final MemorySegment ACTIONS_INIT = function("posix_spawn_file_actions_init");
  private static final MemorySegment ACTIONS_OPEN = function("posix_spawn_file_actions_addopen");
  private static final MemorySegment ACTIONS_DUP = function("posix_spawn_file_actions_adddup2");
  private static final MemorySegment ACTIONS_CLOSE_FROM =
      function("posix_spawn_file_actions_addclosefrom_np");
  private static final MemorySegment ACTIONS_DESTROY = function("posix_spawn_file_actions_destroy");
  private static final MemorySegment ATTRIBUTES_INIT = function("posix_spawnattr_init");
  private static final MemorySegment ATTRIBUTES_FLAGS = function("posix_spawnattr_setflags");
  private static final MemorySegment ATTRIBUTES_DEFAULT = function("posix_spawnattr_setsigdefault");
  private static final MemorySegment ATTRIBUTES_MASK = function("posix_spawnattr_setsigmask");
  private static final MemorySegment ATTRIBUTES_DESTROY = function("posix_spawnattr_destroy");
  private static final MemorySegment STRERROR = function("strerror");

  private Linux() {}

  private static MemorySegment function(String name) {
    return LINKER
        .defaultLookup()
        .find(name)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "expected a C library with "
                        + name
                        + " (glibc 2.34 or later), found none; run on such a system"));
  }

  /** The result, or -errno. */
  private static long call(MemorySegment function, long... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      long result =
          (long)
              CALL.invokeExact(
                  function,
                  state,
                  argument(arguments, 0),
                  argument(arguments, 1),
                  argument(arguments, 2),
                  argument(arguments, 3),
                  argument(arguments, 4),
                  argument(arguments, 5));
      // The results used here are ids, counts and zero: all fit the half that every function sets.
      int narrow = (int) result;
      return narrow == -1 ? -(int) ERRNO.get(state, 0L) : narrow;
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new IllegalStateException("a foreign call threw", impossible);
    }
  }

  private static long argument(long[] arguments, int index) {
    return index < arguments.length ? arguments[index] : 0;
  }

  /** Zero or -errno. A negative id is a process group; signal 0 only asks. */
  static int kill(int pid, int signal) {
    return (int) call(KILL, pid, signal);
  }

  /** From now on orphaned descendants become children of this process. */
  static int becomeSubreaper() {
    return (int) call(PRCTL, PR_SET_CHILD_SUBREAPER, 1);
  }

  /**
   * Sets what is shown as {@code Max realtime timeout} of this process and of all that it starts,
   * below the limit of that limit, which stays.
   *
   * @return what it was; {@code soft} itself if it cannot be had
   */
  static long exchangeRealtimeLimit(long soft) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limit = arena.allocate(WORD, 2);
      if (call(PRLIMIT, 0, RLIMIT_RTTIME, 0, limit.address()) < 0) {
        return soft;
      }
      long before = limit.get(WORD, 0);
      limit.set(WORD, 0, soft);
      return call(PRLIMIT, 0, RLIMIT_RTTIME, limit.address(), 0) < 0 ? soft : before;
    }
  }

  /** Signals the process that a descriptor stands for. Zero or -errno. */
  static int signalBy(int descriptor, int signal) {
    return (int) call(SYSCALL, SYS_PIDFD_SEND_SIGNAL, descriptor, signal, 0, 0);
  }

  /** A descriptor that is readable once the process has ended; negative if there is none. */
  static int openPidDescriptor(int pid) {
    return (int) call(SYSCALL, SYS_PIDFD_OPEN, pid, 0);
  }

  /** Looks at these {@code struct pollfd}, and waits without limit until there is one to see. */
  static int poll(MemorySegment descriptors, int count, boolean mayWait) {
    return (int) call(POLL, descriptors.address(), count, mayWait ? -1 : 0);
  }

  /** A child that ended and what became of it. */
  record Ended(int pid, ExitStatus status) {}

  /** Reaps this child if it has ended; null if it has not, or is no child. */
  static @Nullable Ended reap(int pid) {
    return wait(P_PID, pid, WEXITED | WNOHANG);
  }

  /** Waits for a child that is about to end. */
  static void awaitAndReap(int pid) {
    Ended _ = wait(P_PID, pid, WEXITED);
  }

  /** Waits for any child to end and leaves it as it is; null if there are no children. */
  static @Nullable Ended awaitAny() {
    return wait(P_ALL, 0, WEXITED | WNOWAIT);
  }

  private static @Nullable Ended wait(int kind, int id, int options) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(SIGINFO_BYTES, Long.BYTES);
      long result;
      do {
        result = call(WAITID, kind, id, info.address(), options);
      } while (result == -EINTR);
      int pid = info.get(ValueLayout.JAVA_INT, SIGINFO_PID);
      if (result < 0 || pid == 0) {
        return null;
      }
      int status = info.get(ValueLayout.JAVA_INT, SIGINFO_STATUS);
      return new Ended(
          pid,
          info.get(ValueLayout.JAVA_INT, SIGINFO_CODE) == CLD_EXITED
              ? new ExitStatus.Code(status & 0xff)
              : new ExitStatus.Killed(status));
    }
  }

  /** Two descriptors that no other program inherits. */
  record Pipe(int readEnd, int writeEnd) {}

  static Pipe pipe() throws LauncherException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
      long result = call(PIPE2, ends.address(), O_CLOEXEC);
      if (result < 0) {
        throw new LauncherException(
            "expected to open a pipe, found: %s; raise the limit of open files"
                .formatted(message((int) -result)));
      }
      return new Pipe(
          ends.getAtIndex(ValueLayout.JAVA_INT, 0), ends.getAtIndex(ValueLayout.JAVA_INT, 1));
    }
  }

  /** A descriptor to wake a thread that polls. */
  static int openEvent() {
    int descriptor = (int) call(EVENTFD, 0, EFD_NONBLOCK_CLOEXEC);
    if (descriptor < 0) {
      throw new IllegalStateException("cannot open an eventfd: " + message(-descriptor));
    }
    return descriptor;
  }

  static void raise(int event) {
    try (Arena arena = Arena.ofConfined()) {
      long _ = call(WRITE, event, arena.allocateFrom(WORD, 1).address(), Long.BYTES);
    }
  }

  static void lower(int event) {
    try (Arena arena = Arena.ofConfined()) {
      long _ = call(READ, event, arena.allocate(WORD).address(), Long.BYTES);
    }
  }

  /** The number of bytes, 0 at the end, or -errno. */
  static int read(int descriptor, MemorySegment buffer) {
    return (int) call(READ, descriptor, buffer.address(), buffer.byteSize());
  }

  static void close(int descriptor) {
    long _ = call(CLOSE, descriptor);
  }

  /** Where the three standard streams of a new process lead. */
  sealed interface Streams {
    /** Where ours do. */
    record Inherited() implements Streams {}

    /** Nothing to read, and two pipes to write into. */
    record Piped(int out, int err) implements Streams {}
  }

  /**
   * Starts a program with no other descriptors than the three, no blocked and no ignored signals.
   *
   * @param session true to make it the leader of a session and group of its own
   * @return its id, or -errno
   */
  static int spawn(
      List<String> command, Map<String, String> environment, Streams streams, boolean session) {
    try (Arena arena = Arena.ofConfined()) {
      long actions = arena.allocate(SPAWN_STRUCTURE_BYTES, Long.BYTES).address();
      long attributes = arena.allocate(SPAWN_STRUCTURE_BYTES, Long.BYTES).address();
      MemorySegment none = arena.allocate(SIGNAL_SET_BYTES, Long.BYTES);
      MemorySegment handled = arena.allocate(SIGNAL_SET_BYTES, Long.BYTES);
      handled.set(WORD, 0, HANDLED_SIGNALS);
      long _ = call(ACTIONS_INIT, actions);
      if (streams instanceof Streams.Piped(int out, int err)) {
        long _ = call(ACTIONS_OPEN, actions, 0, arena.allocateFrom("/dev/null").address(), 0, 0);
        long _ = call(ACTIONS_DUP, actions, out, 1);
        long _ = call(ACTIONS_DUP, actions, err, 2);
      }
      long _ = call(ACTIONS_CLOSE_FROM, actions, 3);
      long _ = call(ATTRIBUTES_INIT, attributes);
      long _ =
          call(
              ATTRIBUTES_FLAGS,
              attributes,
              SPAWN_SETSIGDEF | SPAWN_SETSIGMASK | (session ? SPAWN_SETSID : 0));
      long _ = call(ATTRIBUTES_MASK, attributes, none.address());
      long _ = call(ATTRIBUTES_DEFAULT, attributes, handled.address());
      MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
      long error =
          call(
              SPAWN,
              pid.address(),
              arena.allocateFrom(command.getFirst()).address(),
              actions,
              attributes,
              strings(arena, command.stream()),
              strings(
                  arena,
                  environment.entrySet().stream()
                      .map(entry -> entry.getKey() + "=" + entry.getValue())));
      long _ = call(ATTRIBUTES_DESTROY, attributes);
      long _ = call(ACTIONS_DESTROY, actions);
      return error == 0 ? pid.get(ValueLayout.JAVA_INT, 0) : (int) -error;
    }
  }

  /** An array of C strings that ends with a null pointer. */
  private static long strings(Arena arena, Stream<String> texts) {
    List<MemorySegment> strings = texts.map(arena::allocateFrom).toList();
    MemorySegment array = arena.allocate(POINTER, strings.size() + 1L);
    for (int i = 0; i < strings.size(); i++) {
      array.setAtIndex(POINTER, i, strings.get(i));
    }
    return array.address();
  }

  /** What the C library calls an error, in its own words. */
  static String message(int errno) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      long address = (long) CALL.invokeExact(STRERROR, state, (long) errno, 0L, 0L, 0L, 0L, 0L);
      return MemorySegment.ofAddress(address).reinterpret(256).getString(0);
    } catch (Throwable impossible) {
      throw new IllegalStateException("a foreign call threw", impossible);
    }
  }
}
