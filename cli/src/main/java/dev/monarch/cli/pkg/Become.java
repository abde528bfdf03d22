package dev.monarch.cli.pkg;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.Charset;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Another program takes the place of this one, with its process id, terminal, standard streams,
 * working directory and parent: signals and exit code are the program's own, and nothing stands
 * between it and whoever started us.
 *
 * <p>What the JVM did to the process goes away by itself (its threads, its handlers), except for
 * two things: it blocks SIGQUIT in its threads, and it leaves its own files open. So that signal is
 * let through before, and those files are told to close. Other signals and files stay as inherited.
 */
final class Become {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final int F_SETFD = 2;
  private static final int FD_CLOEXEC = 1;
  private static final int SIG_UNBLOCK = 1;
  private static final int SIGQUIT = 3;

  /** The size of {@code sigset_t} in the C libraries of Linux. */
  private static final long SIGNAL_SET_BYTES = 128;

  private Become() {}

  /** Does not return if it succeeds. A script without {@code #!} line is given to the shell. */
  static void program(Path program, List<String> words, Map<String, String> environment)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment file = text(arena, program.toString());
      MemorySegment arguments = texts(arena, words);
      MemorySegment variables =
          texts(
              arena,
              environment.entrySet().stream().map(v -> v.getKey() + "=" + v.getValue()).toList());
      MemorySegment captured = arena.allocate(CAPTURED);
      letThrough(arena, SIGQUIT);
      closeOwnFiles();
      int _ =
          (int)
              function(
                      "execvpe",
                      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS),
                      Linker.Option.captureCallState("errno"))
                  .invokeExact(captured, file, arguments, variables);
      throw new IOException(reason((int) ERRNO.get(captured, 0L)));
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("calling the C library", e);
    }
  }

  private static void letThrough(Arena arena, int signal) throws Throwable {
    MemorySegment set = arena.allocate(SIGNAL_SET_BYTES);
    set.set(JAVA_LONG, 0, 1L << (signal - 1));
    int result =
        (int)
            function("pthread_sigmask", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS))
                .invokeExact(SIG_UNBLOCK, set, MemorySegment.NULL);
    if (result != 0) {
      throw new IOException(reason(result));
    }
  }

  /** Those of the JVM's own directory, and those beside the jars we run from. */
  private static void closeOwnFiles() throws Throwable {
    MethodHandle setFlags =
        function(
            "fcntl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    Set<Path> own = new HashSet<>(Set.of(Path.of(System.getProperty("java.home")).toRealPath()));
    for (String jar : List.of(System.getProperty("java.class.path").split(":", -1))) {
      own.add(Path.of(jar).toAbsolutePath().resolveSibling("").normalize());
    }
    try (DirectoryStream<Path> descriptors =
        Files.newDirectoryStream(Path.of("/proc/self/fd"), Files::isRegularFile)) {
      for (Path descriptor : descriptors) {
        Path file = descriptor.toRealPath();
        if (own.stream().anyMatch(file::startsWith)) {
          int _ =
              (int)
                  setFlags.invokeExact(
                      Integer.parseInt(String.valueOf(descriptor.getFileName())),
                      F_SETFD,
                      FD_CLOEXEC);
        }
      }
    }
  }

  @SuppressWarnings("restricted") // hab allows it with --enable-native-access
  private static String reason(int errno) throws Throwable {
    MemorySegment text =
        (MemorySegment)
            function("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT)).invokeExact(errno);
    return text.reinterpret(Long.MAX_VALUE).getString(0);
  }

  @SuppressWarnings("restricted") // hab allows it with --enable-native-access
  private static MethodHandle function(
      String name, FunctionDescriptor shape, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, options);
  }

  /** An array of texts with a null at its end. */
  private static MemorySegment texts(Arena arena, List<String> texts) {
    MemorySegment array = arena.allocate(ADDRESS, texts.size() + 1L);
    for (int i = 0; i < texts.size(); i++) {
      array.setAtIndex(ADDRESS, i, text(arena, texts.get(i)));
    }
    return array;
  }

  /** In the encoding in which Java read them: what came in goes out. */
  private static MemorySegment text(Arena arena, String text) {
    return arena.allocateFrom(text, Charset.forName(System.getProperty("sun.jnu.encoding")));
  }
}
