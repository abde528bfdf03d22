package dev.monarch.simulator;

import dev.monarch.butterfly.Butterfly;
import dev.monarch.butterfly.View;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Health;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A place where a member lives: its address, its disk and, while it is up, its process. A restart
 * without disk puts another member (another id) into the same place.
 */
public final class Host {
  /** Stands for whoever is no host of the ring. */
  static final int OUTSIDER = -1;

  /**
   * Datagrams a kernel keeps for a process that does not read: 212,992 bytes of buffer, of which
   * even a short datagram takes 768.
   */
  static final int SOCKET_BUFFER_DATAGRAMS = 277;

  /** Deliveries a kernel keeps on the connections of a process that does not read. */
  static final int STREAM_BUFFER_DELIVERIES = 256;

  private final int index;
  private final Endpoint endpoint;
  private final boolean persistent;
  private final boolean knowsAddress;

  /** Added to virtual time, as the clock of every real process starts somewhere else. */
  final long clockOffset;

  final Disk disk = new Disk();
  final Map<String, Link> links = new HashMap<>();
  final Set<String> pushing = new HashSet<>();
  final Set<String> doubted = new HashSet<>();
  final ArrayDeque<Happening> socketBuffer = new ArrayDeque<>();
  final ArrayDeque<Happening> streamBuffer = new ArrayDeque<>();
  final ArrayDeque<Happening> waiting = new ArrayDeque<>();
  final Beliefs beliefs;

  List<Endpoint> peers;
  @Nullable Butterfly machine;
  int generation;
  int identities = 1;
  long timerAt = Long.MAX_VALUE;
  boolean frozen;
  boolean leaving;
  boolean retired;
  boolean gossipPortClosed;
  private String id;

  Host(
      int index,
      String id,
      Endpoint endpoint,
      boolean persistent,
      boolean knowsAddress,
      List<Endpoint> peers,
      long clockOffset,
      int hosts) {
    this.index = index;
    this.id = id;
    this.endpoint = endpoint;
    this.persistent = persistent;
    this.knowsAddress = knowsAddress;
    this.peers = peers;
    this.clockOffset = clockOffset;
    this.beliefs = new Beliefs(hosts);
  }

  public int index() {
    return index;
  }

  /** The id of the member that lives or last lived here. */
  public String id() {
    return id;
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  public boolean isPersistent() {
    return persistent;
  }

  boolean knowsAddress() {
    return knowsAddress;
  }

  /** True while there is a process, frozen or not. */
  public boolean isUp() {
    return machine != null;
  }

  /** True if a member here takes part and means to go on doing so. */
  public boolean isWell() {
    return machine != null && !frozen && !leaving;
  }

  public boolean isFrozen() {
    return frozen;
  }

  /** True if it will not be started again: departed for good, or taken out of service. */
  public boolean isRetired() {
    return retired;
  }

  /** What the member here believes about another one; empty if it does not know it. */
  public Optional<Health> healthOf(Host other) {
    return healthOf(other.id);
  }

  /** What the member here believes about the member with this id. */
  public Optional<Health> healthOf(String memberId) {
    return beliefs.healthOf(memberId);
  }

  /** True if the member here knows the other one and believes this about it. */
  public boolean holds(Host other, Health health) {
    return beliefs.holds(other.id, health);
  }

  /**
   * True if what the member here has told the other one is still in its kernel, which tries again
   * later each time: as long after a cut as the cut lasted.
   */
  boolean isStalledTo(Host other) {
    Link link = links.get(other.id);
    return link != null && link.troubleSince != Long.MAX_VALUE;
  }

  /** The incarnation under which the member here knows the other one. */
  public Optional<Long> incarnationOf(Host other) {
    return beliefs.incarnationOf(other.id);
  }

  /** The incarnation on disk, which is that of the member here. */
  public long incarnation() {
    return disk.incarnation();
  }

  /** The member's own view. The host must be up. */
  public View view() {
    Butterfly living = machine;
    if (living == null) {
      throw new IllegalStateException("expected a process on " + this + ", found none; start it");
    }
    return living.view();
  }

  void becomeAnother(String newId) {
    id = newId;
    identities++;
    disk.wipe();
  }

  @Override
  public String toString() {
    return "host " + index;
  }
}
