package dev.monarch.simulator;

import java.time.Duration;

/**
 * What the network does to what it carries. Datagrams overtake each other when their delays differ.
 *
 * @param loss part of the datagrams that vanish, 0 to 1
 * @param duplication part of the datagrams that arrive twice
 * @param delayMin the least time on the way
 * @param delaySpread added to it, evenly distributed
 * @param stragglers part of the datagrams that take much longer
 * @param stragglerDelay how much at most, evenly distributed
 */
public record NetworkConditions(
    double loss,
    double duplication,
    Duration delayMin,
    Duration delaySpread,
    double stragglers,
    Duration stragglerDelay) {

  public NetworkConditions {
    checkPart("loss", loss);
    checkPart("duplication", duplication);
    checkPart("stragglers", stragglers);
    checkDelay("least delay", delayMin);
    checkDelay("delay spread", delaySpread);
    checkDelay("straggler delay", stragglerDelay);
  }

  /** A local network on a good day. */
  public static NetworkConditions quiet() {
    return new NetworkConditions(
        0, 0, Duration.ofNanos(200_000), Duration.ofNanos(300_000), 0, Duration.ZERO);
  }

  /** A bad network: this loss, some duplicates, delays up to 100 ms, one in fifty up to 2 s. */
  public static NetworkConditions rough(double loss) {
    return new NetworkConditions(
        loss, 0.05, Duration.ofMillis(1), Duration.ofMillis(100), 0.02, Duration.ofSeconds(2));
  }

  /** The same with another loss. */
  public NetworkConditions withLoss(double newLoss) {
    return new NetworkConditions(
        newLoss, duplication, delayMin, delaySpread, stragglers, stragglerDelay);
  }

  private static void checkPart(String name, double part) {
    if (!(part >= 0 && part <= 1)) {
      throw new IllegalArgumentException("expected a " + name + " of 0 to 1, found " + part);
    }
  }

  private static void checkDelay(String name, Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("expected no negative " + name + ", found " + delay);
    }
  }
}
