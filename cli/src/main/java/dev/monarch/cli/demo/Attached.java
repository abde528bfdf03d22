package dev.monarch.cli.demo;

import dev.monarch.cli.Main;
import java.io.IOException;

/**
 * {@code hab} in a child process that ends with its parent, even if that was killed: the parent
 * holds the other end of standard input.
 */
public final class Attached {
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
    // Services are children of this process, and lead groups of their own.
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    Runtime.getRuntime().halt(1);
  }
}
