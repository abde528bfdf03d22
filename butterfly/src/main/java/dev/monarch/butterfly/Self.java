package dev.monarch.butterfly;

import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import java.util.Optional;

/**
 * This member as it speaks of itself. Only it raises its incarnation, and never lowers it
 * (butterfly.md 4.2).
 */
final class Self {
  private final Identity identity;
  private long incarnation;
  private boolean leaving;

  Self(Identity identity) {
    this.identity = identity;
    this.incarnation = atMost(identity.incarnation());
  }

  String id() {
    return identity.id();
  }

  boolean isLeaving() {
    return leaving;
  }

  void leave() {
    leaving = true;
  }

  /** The record for {@code from}; its address stays empty (rule S5 allows it there alone). */
  Member from() {
    return new Member(
        identity.id(),
        incarnation,
        "",
        identity.swimPort(),
        identity.gossipPort(),
        identity.persistent(),
        leaving,
        false);
  }

  /** What it would have others say about it, if it knows its address. */
  Optional<Membership> membership() {
    return identity.address().map(this::membershipAt);
  }

  /** The same at the address where others see it. */
  Membership membershipAt(String address) {
    return new Membership(from().withAddress(address), leaving ? Health.DEPARTED : Health.ALIVE);
  }

  boolean isAt(Endpoint endpoint) {
    return endpoint.port() == identity.swimPort()
        && identity.address().map(endpoint.address()::equals).orElse(false);
  }

  long incarnation() {
    return incarnation;
  }

  /**
   * Raises the incarnation above one that somebody spoke ill of; false if it is above already, or
   * if nothing above may be said. To follow a lie to the last incarnation would refute nothing, but
   * leave no room to refute anything ever after.
   */
  boolean refute(long slandered) {
    if (Long.compareUnsigned(slandered, incarnation) < 0
        || Long.compareUnsigned(slandered, Member.INCARNATION_MAX) >= 0) {
      return false;
    }
    return raiseTo(slandered + 1);
  }

  /** Raises the incarnation by one; false at the greatest there is. */
  boolean raise() {
    return raiseTo(incarnation + 1);
  }

  /** Stops at the greatest incarnation that may be said instead of wrapping around (13, W15). */
  private boolean raiseTo(long wanted) {
    long before = incarnation;
    incarnation =
        Long.compareUnsigned(wanted, before) < 0 ? Member.INCARNATION_MAX : atMost(wanted);
    return incarnation != before;
  }

  private static long atMost(long wanted) {
    return Long.compareUnsigned(wanted, Member.INCARNATION_MAX) > 0
        ? Member.INCARNATION_MAX
        : wanted;
  }
}
