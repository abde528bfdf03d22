package dev.monarch.supervisor.render;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Changes the whole process's umask for a moment, which the JDK cannot. */
final class Umask {
  private Umask() {}

  interface Action {
    void run() throws IOException;
  }

  static void during(int mask, Action action) throws IOException {
    int before = set(mask);
    try {
      action.run();
    } finally {
      int _ = set(before);
    }
  }

  @SuppressWarnings("restricted") // the build allows it with --enable-native-access
  private static int set(int mask) {
    Linker linker = Linker.nativeLinker();
    MethodHandle umask =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("umask"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      return (int) umask.invokeExact(mask);
    } catch (Throwable impossible) {
      throw new IllegalStateException("a foreign call threw", impossible);
    }
  }
}
