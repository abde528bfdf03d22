package dev.monarch.cli.demo;

import dev.monarch.cli.Main;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code hab} in a child process that ends with its parent, even if that was killed: the parent
 * holds the other end of standard input.
 */
public final class Attached {
  /** Nothing survives being killed for long. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private Attached() {}

  public static void main(String[] args) {
    Thread.ofPlatform().daemon().name("parent").start(Attached::awaitEnd);
    Main.main(args);
  }

  private static void awaitEnd() {
    try {
      while (System.in.read() >= 0) {
        // Nobody writes.
      }
    } catch (IOException e) {
      // An end as well.
    }
    // Services are children of this process, and lead groups of their own. One may be starting.
    long end = System.nanoTime() + PATIENCE_NANOS;
    List<ProcessHandle> left;
    do {
      left = ProcessHandle.current().descendants().filter(ProcessHandle::isAlive).toList();
      left.forEach(ProcessHandle::destroyForcibly);
    } while (!left.isEmpty() && System.nanoTime() < end);
    Runtime.getRuntime().halt(1);
  }
}
