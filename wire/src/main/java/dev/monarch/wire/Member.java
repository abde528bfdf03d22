package dev.monarch.wire;

/**
 * A member's own description of itself, as every message carries it (butterfly.md 2.3).
 *
 * @param id 32 lower-case hexadecimal digits by convention, any text on the wire
 * @param incarnation the version of this record, unsigned; only its owner raises it
 * @param address an IPv4 literal; empty in a {@code from}, where the receiver puts the datagram's
 *     source. Other text can arrive but never becomes a {@link Membership}
 * @param swimPort UDP port, 0 to 65535
 * @param gossipPort TCP port, 0 to 65535
 * @param persistent a permanent peer
 * @param departed the member is leaving
 * @param probePing set in the {@code from} of a ProbePing, otherwise without effect
 */
public record Member(
    String id,
    long incarnation,
    String address,
    int swimPort,
    int gossipPort,
    boolean persistent,
    boolean departed,
    boolean probePing) {

  /**
   * The greatest incarnation that may be said about anybody: a member that refutes one more would
   * wrap around to zero (butterfly.md 0.3 S9).
   */
  public static final long INCARNATION_MAX = -2L;

  public Member {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("expected a member id, found none");
    }
    checkPort(swimPort);
    checkPort(gossipPort);
  }

  /** A member with both planes on one port and no flag set. */
  public static Member of(String id, long incarnation, String address, int port) {
    return new Member(id, incarnation, address, port, port, false, false, false);
  }

  static void checkPort(int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("expected a port of 0 to 65535, found " + port);
    }
  }

  /** True if the address is an IPv4 literal, so that the member can be reached and spoken about. */
  public boolean isReachable() {
    return Ipv4.isLiteral(address);
  }

  /** Where it hears datagrams. The address must be {@linkplain #isReachable() reachable}. */
  public Endpoint swim() {
    return new Endpoint(address, swimPort);
  }

  /** Where it accepts rumors. The address must be {@linkplain #isReachable() reachable}. */
  public Endpoint gossip() {
    return new Endpoint(address, gossipPort);
  }

  public Member withAddress(String newAddress) {
    return new Member(
        id, incarnation, newAddress, swimPort, gossipPort, persistent, departed, probePing);
  }

  public Member withIncarnation(long newIncarnation) {
    return new Member(
        id, newIncarnation, address, swimPort, gossipPort, persistent, departed, probePing);
  }

  public Member withProbePing(boolean flag) {
    return new Member(id, incarnation, address, swimPort, gossipPort, persistent, departed, flag);
  }

  public Member withDeparted(boolean flag) {
    return new Member(id, incarnation, address, swimPort, gossipPort, persistent, flag, probePing);
  }
}
