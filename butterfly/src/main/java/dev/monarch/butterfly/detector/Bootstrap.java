package dev.monarch.butterfly.detector;

import dev.monarch.butterfly.Settings;
import dev.monarch.wire.Endpoint;
import java.util.List;
import java.util.Set;

/**
 * Pings to the initial peers until the ring is really joined (butterfly.md 4.11).
 *
 * <p>Joined means: more than half as many members as there are initial peers were heard themselves
 * and are alive now. The original counts everything in its list, itself, the dead and what an old
 * rumor file says included, and so may never contact the peers it is given (13, W13). Who loses
 * everybody again goes back to pinging.
 */
public final class Bootstrap {
  private final Settings settings;
  private List<Endpoint> peers = List.of();
  private boolean joined;
  private long nextNanos;

  public Bootstrap(Settings settings, long nowNanos) {
    this.settings = settings;
    this.nextNanos = nowNanos;
  }

  /** Replaces the initial peers; they are pinged at once. */
  public void know(List<Endpoint> newPeers, long nowNanos) {
    if (!newPeers.equals(peers)) {
      peers = newPeers;
      joined = false;
      nextNanos = nowNanos;
    }
  }

  public boolean isInitialPeer(Endpoint endpoint) {
    return peers.contains(endpoint);
  }

  public boolean isDue(long nowNanos) {
    return !peers.isEmpty() && nowNanos >= nextNanos;
  }

  /**
   * The addresses to ping now.
   *
   * @param company where the members listen that were heard themselves and are alive
   */
  public List<Endpoint> due(Set<Endpoint> company, long nowNanos) {
    nextNanos = nowNanos + settings.protocolPeriod().toNanos();
    if (company.isEmpty()) {
      joined = false;
    } else if (company.size() > peers.size() / 2) {
      joined = true;
    }
    return joined ? List.of() : peers.stream().filter(peer -> !company.contains(peer)).toList();
  }

  public long nextDeadlineNanos() {
    return peers.isEmpty() ? Long.MAX_VALUE : nextNanos;
  }
}
