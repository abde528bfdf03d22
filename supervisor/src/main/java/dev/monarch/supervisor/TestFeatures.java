package dev.monarch.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * What the original lets a test do to a Supervisor by its environment (supervisor.md 10.2):
 *
 * <pre>
 *   HAB_FEAT_BOOT_FAIL=1      it does not start
 *   HAB_FEAT_TEST_EXIT=FILE   it ends with the code in that file, as soon as there is one
 * </pre>
 */
record TestFeatures(boolean failsBoot, Optional<Path> exitFile) {
  private static final long LOOK_MILLIS = 100;

  static TestFeatures of(Map<String, String> environment) {
    return new TestFeatures(
        !environment.getOrDefault("HAB_FEAT_BOOT_FAIL", "").isEmpty(),
        Optional.of(environment.getOrDefault("HAB_FEAT_TEST_EXIT", ""))
            .filter(file -> !file.isEmpty())
            .map(Path::of));
  }

  void failBoot() throws StartException {
    if (failsBoot) {
      throw new StartException(
          "expected to start, found HAB_FEAT_BOOT_FAIL, with which no Supervisor does; unset it");
    }
  }

  /** Looks for the file, if one is named, until it is closed. */
  Watch watch(IntConsumer exit) {
    return new Watch(
        exitFile.map(file -> Thread.ofVirtual().name("test exit").start(() -> look(file, exit))));
  }

  private static void look(Path file, IntConsumer exit) {
    try {
      while (true) {
        Optional<Integer> code = take(file);
        if (code.isPresent()) {
          exit.accept(code.get());
          return;
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<Integer> take(Path file) {
    try {
      String line = Files.readString(file).lines().findFirst().orElse("").strip();
      if (!line.matches("[0-9]{1,3}")) {
        return Optional.empty();
      }
      Files.delete(file);
      return Optional.of(Integer.valueOf(line));
    } catch (IOException notYet) {
      return Optional.empty();
    }
  }

  /** The look-out for the file. */
  record Watch(Optional<Thread> thread) implements AutoCloseable {
    @Override
    public void close() {
      thread.ifPresent(Thread::interrupt);
    }
  }
}
