package dev.monarch.simulator;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Who can reach whom, and how well. A cut holds for one direction and for both planes: what is sent
 * into it, and what is on its way when it happens, vanishes.
 */
public final class Network {
  private final SplittableRandom random;
  private final List<BitSet> cutTo;
  private NetworkConditions conditions;
  private long delayMinNanos;
  private long delaySpreadNanos;
  private long stragglerNanos;

  Network(int hosts, NetworkConditions conditions, SplittableRandom random) {
    this.random = random;
    this.cutTo = java.util.stream.Stream.generate(BitSet::new).limit(hosts).toList();
    this.conditions = conditions;
    become(conditions);
  }

  /** Changes the conditions for whatever is sent from now on. */
  public void become(NetworkConditions next) {
    conditions = next;
    delayMinNanos = next.delayMin().toNanos();
    delaySpreadNanos = next.delaySpread().toNanos();
    stragglerNanos = next.stragglerDelay().toNanos();
  }

  public NetworkConditions conditions() {
    return conditions;
  }

  /** Cuts one direction. */
  public void cutOneWay(Host from, Host to) {
    cutTo.get(from.index()).set(to.index());
  }

  /** Cuts both directions. */
  public void cut(Host one, Host other) {
    cutOneWay(one, other);
    cutOneWay(other, one);
  }

  /** Cuts every link between the two groups, both directions. */
  public void split(List<Host> one, List<Host> other) {
    for (Host host : one) {
      for (Host peer : other) {
        cut(host, peer);
      }
    }
  }

  /** Mends one direction. */
  public void mendOneWay(Host from, Host to) {
    cutTo.get(from.index()).clear(to.index());
  }

  /** Mends both directions between two hosts. */
  public void mend(Host one, Host other) {
    mendOneWay(one, other);
    mendOneWay(other, one);
  }

  /** Mends every link; the conditions stay. */
  public void mendAll() {
    cutTo.forEach(BitSet::clear);
  }

  public boolean isOpen(Host from, Host to) {
    return isOpen(from.index(), to.index());
  }

  boolean isOpen(int from, int to) {
    return from == Host.OUTSIDER || !cutTo.get(from).get(to);
  }

  boolean loses() {
    return conditions.loss() > 0 && random.nextDouble() < conditions.loss();
  }

  boolean duplicates() {
    return conditions.duplication() > 0 && random.nextDouble() < conditions.duplication();
  }

  /** How long the next datagram is on its way. */
  long datagramDelayNanos() {
    long delay = steadyDelayNanos();
    if (conditions.stragglers() > 0
        && stragglerNanos > 0
        && random.nextDouble() < conditions.stragglers()) {
      delay += random.nextLong(stragglerNanos);
    }
    return delay;
  }

  /** How long the next bytes of a connection are on their way: in order, so without stragglers. */
  long steadyDelayNanos() {
    return delaySpreadNanos == 0
        ? delayMinNanos
        : delayMinNanos + random.nextLong(delaySpreadNanos);
  }

  /** The longest delay a datagram can have now. */
  Duration delayMax() {
    return Duration.ofNanos(delayMinNanos + delaySpreadNanos + stragglerNanos);
  }
}
