package dev.monarch.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From the launch of the command to the first 200 of the gateway, always in an empty directory, and
 * the whole runs of {@code hab svc status}, asked of that Supervisor, and of {@code hab --version}.
 * The products take turns, so that both see the same load.
 */
final class StartBench {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration ASK_EVERY = Duration.ofMillis(2);

  private StartBench() {}

  /** What was measured of one product, in milliseconds. */
  private record Measured(List<Double> answers, List<Double> versions, List<Double> statuses) {
    Measured() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    void once(Product product) {
      long start = System.nanoTime();
      try (RealRing ring = RealRing.startOne(product)) {
        RunningSupervisor supervisor = ring.supervisors().getFirst();
        answers.add(firstAnswerMillis(supervisor, start));
        // Not all of a Supervisor is up with its gateway, and a first run finds colder files.
        RunningSupervisor.await(
            supervisor + " tells its services",
            LIMIT,
            () -> exit(supervisor.asking("svc", "status")) == 0);
        statuses.add(millis(supervisor.asking("svc", "status")));
      }
      List<String> version = new ArrayList<>(product.hab());
      version.add("--version");
      versions.add(millis(product.command(version, Path.of(System.getProperty("java.io.tmpdir")))));
    }
  }

  static String run(int runs) {
    List<Product> products = new ArrayList<>(List.of(Product.monarch(Bench.root())));
    Optional<Product> original = Product.original();
    original.ifPresentOrElse(products::add, () -> System.err.println(Product.whyNoOriginal()));
    Map<Product, Measured> measured = new LinkedHashMap<>();
    products.forEach(product -> measured.put(product, new Measured()));
    for (int i = 0; i < runs; i++) {
      measured.forEach((product, of) -> of.once(product));
    }
    Table table =
        new Table(
            "median of " + runs,
            "launch to first 200, ms",
            "hab --version, ms",
            "hab svc status, ms");
    measured.forEach(
        (product, of) ->
            table.row(
                product.name(),
                Distribution.of(of.answers()).text("%.0f"),
                Distribution.of(of.versions()).text("%.0f"),
                Distribution.of(of.statuses()).text("%.0f")));
    return table.text();
  }

  private static double firstAnswerMillis(RunningSupervisor supervisor, long start) {
    while (!supervisor.hasAnswered()) {
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        throw new IllegalStateException("expected an answer of " + supervisor + ", none came");
      }
      RunningSupervisor.pause(ASK_EVERY);
    }
    return (System.nanoTime() - start) / 1e6;
  }

  /** How long the whole command took. */
  private static double millis(ProcessBuilder command) {
    long start = System.nanoTime();
    int status = exit(command);
    if (status != 0) {
      throw new IllegalStateException(
          "expected status 0 of " + command.command() + ", found " + status);
    }
    return (System.nanoTime() - start) / 1e6;
  }

  private static int exit(ProcessBuilder command) {
    try {
      return command
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command.command(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
