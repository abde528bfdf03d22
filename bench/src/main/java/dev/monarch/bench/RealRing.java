package dev.monarch.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Real Supervisors that know each other, in a temporary directory that goes away with them. */
final class RealRing implements AutoCloseable {
  /** Enough for 32 JVMs that start on two processors at once. */
  private static final Duration AGREEMENT_LIMIT = Duration.ofMinutes(5);

  /** So many start side by side, not more. */
  private static final int AT_ONCE = 16;

  private final Path directory;
  private final List<RunningSupervisor> supervisors = new ArrayList<>();
  private final Thread atExit = new Thread(this::stopAll, "stop supervisors");

  private RealRing() {
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      directory = Files.createTempDirectory("monarch-bench-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create a temporary directory", e);
    }
  }

  /** Starts the first one, then all the others with it as their peer; returns when all agree. */
  static RealRing start(Product product, int members) {
    RealRing ring = startOne(product);
    try {
      RunningSupervisor first = ring.supervisors.getFirst();
      first.awaitAnswer();
      for (int i = 2; i <= members; i++) {
        ring.supervisors.add(
            new RunningSupervisor(product, i, ring.directory, List.of(first.address())));
        if (i % AT_ONCE == 0) {
          ring.supervisors.forEach(RunningSupervisor::awaitAnswer);
        }
      }
      ring.supervisors.forEach(RunningSupervisor::awaitAnswer);
      ring.awaitAgreement();
      return ring;
    } catch (RuntimeException e) {
      ring.close();
      throw e;
    }
  }

  /** Starts one alone and does not wait for it. */
  static RealRing startOne(Product product) {
    RealRing ring = new RealRing();
    ring.supervisors.add(new RunningSupervisor(product, 1, ring.directory, List.of()));
    return ring;
  }

  List<RunningSupervisor> supervisors() {
    return List.copyOf(supervisors);
  }

  /** Waits until everybody holds everybody else alive. */
  void awaitAgreement() {
    List<String> ids = supervisors.stream().map(RunningSupervisor::memberId).toList();
    for (int i = 0; i < ids.size(); i++) {
      RunningSupervisor supervisor = supervisors.get(i);
      List<String> others = new ArrayList<>(ids);
      others.remove(i);
      RunningSupervisor.await(
          supervisor + " holds all others alive",
          AGREEMENT_LIMIT,
          () -> supervisor.holdsAlive(others));
    }
  }

  private void stopAll() {
    supervisors.parallelStream().forEach(RunningSupervisor::close);
  }

  @Override
  public void close() {
    stopAll();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException alreadyStopping) {
      // Then it runs, too, and finds nothing left to stop.
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      System.err.println("left behind: " + directory + " (" + e + ")");
    }
  }
}
