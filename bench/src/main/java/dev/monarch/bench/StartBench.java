package dev.monarch.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From the launch of the command to the first 200 of the gateway, always in an empty directory, and
 * the whole run of {@code hab --version}. The products take turns, so that both see the same load.
 */
final class StartBench {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration ASK_EVERY = Duration.ofMillis(2);

  private StartBench() {}

  static String run(int runs) {
    List<Product> products = new ArrayList<>(List.of(Product.monarch(Bench.root())));
    Optional<Product> original = Product.original();
    original.ifPresentOrElse(products::add, () -> System.err.println(Product.whyNoOriginal()));
    List<List<Double>> answers = new ArrayList<>();
    List<List<Double>> versions = new ArrayList<>();
    products.forEach(
        _ -> {
          answers.add(new ArrayList<>());
          versions.add(new ArrayList<>());
        });
    for (int i = 0; i < runs; i++) {
      for (int j = 0; j < products.size(); j++) {
        answers.get(j).add(firstAnswerMillis(products.get(j)));
        versions.get(j).add(versionMillis(products.get(j)));
      }
    }
    Table table = new Table("median of " + runs, "launch to first 200, ms", "hab --version, ms");
    for (int j = 0; j < products.size(); j++) {
      table.row(
          products.get(j).name(),
          Distribution.of(answers.get(j)).text("%.0f"),
          Distribution.of(versions.get(j)).text("%.0f"));
    }
    return table.text();
  }

  private static double firstAnswerMillis(Product product) {
    long start = System.nanoTime();
    try (RealRing ring = RealRing.startOne(product)) {
      RunningSupervisor supervisor = ring.supervisors().getFirst();
      while (!supervisor.hasAnswered()) {
        if (System.nanoTime() - start > LIMIT.toNanos()) {
          throw new IllegalStateException("expected an answer of " + supervisor + ", none came");
        }
        RunningSupervisor.pause(ASK_EVERY);
      }
      return (System.nanoTime() - start) / 1e6;
    }
  }

  private static double versionMillis(Product product) {
    long start = System.nanoTime();
    try {
      Process process =
          product
              .command(product.version(), Path.of(System.getProperty("java.io.tmpdir")))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      int status = process.waitFor();
      if (status != 0) {
        throw new IllegalStateException(
            "expected status 0 of " + product.version() + ", found " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + product.version(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    return (System.nanoTime() - start) / 1e6;
  }
}
