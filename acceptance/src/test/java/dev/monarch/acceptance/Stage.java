package dev.monarch.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What a test plays on. Everything asked of it is gone after the test; if the test failed, the last
 * words of every Supervisor are printed and its files stay in {@code target/acceptance}.
 */
final class Stage implements BeforeEachCallback, AfterEachCallback {
  private static final AtomicInteger COUNT = new AtomicInteger();

  /** Two runs on one machine must not meet on a loopback address. */
  private static final long RUN = 2 + ProcessHandle.current().pid() % 240;

  private final int number = COUNT.incrementAndGet();
  private final List<Supervisor> supervisors = new ArrayList<>();
  private final Deque<AutoCloseable> others = new ArrayDeque<>();
  private @Nullable Path directory;

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    Path place =
        Path.of("target", "acceptance")
            .toAbsolutePath()
            .resolve(
                context.getRequiredTestClass().getSimpleName()
                    + "."
                    + context.getRequiredTestMethod().getName()
                    + "-"
                    + number);
    delete(place);
    directory = Files.createDirectories(place);
    Runtime.getRuntime().addShutdownHook(new Thread(this::killAll));
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    boolean failed = context.getExecutionException().isPresent() && !isSkipped(context);
    if (failed) {
      System.out.println(
          "acceptance: " + context.getDisplayName() + " failed; files in " + directory());
      for (Supervisor supervisor : supervisors) {
        System.out.println(supervisor.tail());
      }
    }
    killAll();
    while (!others.isEmpty()) {
      try {
        others.pop().close();
      } catch (Exception e) {
        System.out.println("acceptance: could not clean up: " + e);
      }
    }
    if (!failed) {
      deleteWhenQuiet(directory());
    }
  }

  /** Whoever was killed with its parent a moment ago may still be writing there. */
  private static void deleteWhenQuiet(Path tree) {
    Waiting.until(
        "nobody writes below " + tree,
        Duration.ofSeconds(30),
        () -> {
          try {
            delete(tree);
            return new Waiting.Look(true, "");
          } catch (IOException inUse) {
            return new Waiting.Look(false, inUse.toString());
          }
        });
  }

  private static boolean isSkipped(ExtensionContext context) {
    return context
        .getExecutionException()
        .filter(org.opentest4j.TestAbortedException.class::isInstance)
        .isPresent();
  }

  private synchronized void killAll() {
    for (Supervisor supervisor : supervisors) {
      if (supervisor.isRunning()) {
        supervisor.kill();
      }
    }
  }

  Path directory() {
    if (directory == null) {
      throw new IllegalStateException("only during a test");
    }
    return directory;
  }

  /** As many machines on one switch, taken down after the processes. */
  Network network(int machines) {
    Machine.needsNamespaces();
    return closing(new Network(machines));
  }

  /** As many machines on a bad switch. */
  Network network(int machines, BadSwitch bad) {
    Machine.needsNamespaces();
    closing(bad);
    return closing(new Network(machines, Optional.of(bad)));
  }

  /** Closes it after the test, the latest first. */
  <T extends AutoCloseable> T closing(T resource) {
    others.push(resource);
    return resource;
  }

  /** One of ours, at a loopback address of its own. */
  Supervisor ours(String name) {
    return add(name, nextAddress(), Optional.empty(), Optional.empty());
  }

  /** One of ours on a machine of its own. */
  Supervisor ours(String name, Network.Host host) {
    return add(name, host.address(), Optional.of(host), Optional.empty());
  }

  /** An original one, at a loopback address of its own. */
  Supervisor original(String name) {
    Path programs = Machine.needsOriginal();
    return add(name, nextAddress(), Optional.empty(), Optional.of(programs));
  }

  /** An original one on a machine of its own. */
  Supervisor original(String name, Network.Host host) {
    Path programs = Machine.needsOriginal();
    return add(name, host.address(), Optional.of(host), Optional.of(programs));
  }

  /** A loopback address that nobody else uses. */
  synchronized String nextAddress() {
    return "127." + RUN + "." + number + "." + (10 + supervisors.size() + others.size());
  }

  private synchronized Supervisor add(
      String name, String address, Optional<Network.Host> host, Optional<Path> originals) {
    Supervisor supervisor =
        new Supervisor(name, directory().resolve(name), address, host, originals);
    supervisors.add(supervisor);
    return supervisor;
  }

  static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
