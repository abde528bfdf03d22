package dev.monarch.supervisor;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a Supervisor finds around itself, handed in so that a test can make it up.
 *
 * @param terminal true if {@code out} is read on a terminal
 */
public record Surroundings(
    Map<String, String> environment, PrintStream out, PrintStream err, boolean terminal) {
  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /** Those of this process. */
  public static Surroundings ofProcess() {
    return new Surroundings(
        System.getenv(), stream(FileDescriptor.out), stream(FileDescriptor.err), isTerminal());
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /**
   * Asked of Linux, because the JDK's console counts standard input as well, which a service
   * manager closes. Elsewhere there are no colours.
   */
  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException notLinux) {
      return false;
    }
  }
}
