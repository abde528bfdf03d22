package dev.monarch.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A real Supervisor on a loopback address, with a directory of its own; it can be started again.
 */
final class RunningSupervisor implements AutoCloseable {
  private static final int GOSSIP_PORT = 9638;
  static final int CONTROL_PORT = 9632;

  private final Product product;
  private final String address;
  private final Path directory;
  private final List<String> command;
  private final Gateway gateway;
  private Process process;

  /** Starts it; if there are peers, it joins them. */
  RunningSupervisor(Product product, int number, Path parent, List<String> peers) {
    this.product = product;
    this.address = product.network() + number;
    this.directory = parent.resolve(product.name() + "-" + number);
    this.gateway = new Gateway(address);
    command = new ArrayList<>(product.run());
    command.addAll(
        List.of(
            "--listen-gossip",
            address + ":" + GOSSIP_PORT,
            "--listen-http",
            address + ":" + Gateway.PORT,
            "--listen-ctl",
            address + ":" + CONTROL_PORT,
            "--no-color"));
    for (String peer : peers) {
      command.addAll(List.of("--peer", peer + ":" + GOSSIP_PORT));
    }
    if (product.writesRingLog()) {
      command.addAll(List.of("--ring-log", ringLog().toString()));
    } else {
      // The original would look for a way out of this machine to learn its address.
      command.addAll(List.of("--sys-ip-address", address));
    }
    process = launch();
  }

  private Process launch() {
    try {
      Files.createDirectories(directory);
      return product
          .command(command, directory)
          .redirectErrorStream(true)
          .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
          .redirectOutput(ProcessBuilder.Redirect.appendTo(console().toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command, e);
    }
  }

  void startAgain() {
    process = launch();
  }

  String address() {
    return address;
  }

  Gateway gateway() {
    return gateway;
  }

  /** The root of its files. */
  Path directory() {
    return directory;
  }

  Path ringLog() {
    return directory.resolve("ring.log");
  }

  private Path console() {
    return directory.resolve("console.txt");
  }

  /** A command that asks its control gateway. */
  ProcessBuilder asking(String... words) {
    List<String> line = new ArrayList<>(product.hab());
    line.addAll(List.of(words));
    line.addAll(List.of("--remote-sup", address + ":" + CONTROL_PORT));
    return product.command(line, directory);
  }

  String memberId() {
    return own("MEMBER_ID");
  }

  /** What its control gateway wants to hear. */
  String secret() {
    return own("CTL_SECRET");
  }

  private String own(String file) {
    try {
      return Files.readString(directory.resolve("hab/sup/default").resolve(file)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(this + " has no " + file, e);
    }
  }

  /** Its process and, as the original's launcher has some, their children. */
  List<Long> pids() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .map(ProcessHandle::pid)
        .toList();
  }

  /** Waits for the first answer of the gateway. */
  void awaitAnswer() {
    await(this + " answers", Duration.ofMinutes(2), this::hasAnswered);
  }

  /** True if the gateway answers; fails if nobody is there any more who could. */
  boolean hasAnswered() {
    if (!process.isAlive()) {
      throw new IllegalStateException(
          "expected " + this + " to run, it ended and said:\n" + Machine.read(console()));
    }
    return gateway.butterfly().isPresent();
  }

  /** True if its gateway says that all these members are alive. */
  boolean holdsAlive(List<String> memberIds) {
    Optional<String> document = gateway.butterfly();
    return document.isPresent()
        && memberIds.stream()
            .allMatch(id -> Gateway.health(document.get(), id).filter("alive"::equals).isPresent());
  }

  /** Kills it at once; returns the instant before. */
  Instant kill() {
    List<ProcessHandle> all =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    Instant before = Instant.now();
    all.forEach(ProcessHandle::destroyForcibly);
    waitForExit();
    return before;
  }

  /** Ends it gracefully if it lives, forcibly if that takes too long. */
  @Override
  public void close() {
    if (process.isAlive()) {
      process.destroy();
      try {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
          kill();
        }
      } catch (InterruptedException e) {
        kill();
        Thread.currentThread().interrupt();
      }
    }
  }

  private void waitForExit() {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return product.name() + " at " + address + " (" + console() + ")";
  }

  /** Waits for a condition; fails with what was awaited. */
  static void await(String what, Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "expected within " + limit.toSeconds() + " s that " + what + ", it did not come true");
      }
      pause(Duration.ofMillis(50));
    }
  }

  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
