package dev.monarch.butterfly.membership;

import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;

/**
 * One line of the member list.
 *
 * @param membership the newest record and the health it is believed to have
 * @param sinceNanos when it was accepted; suspicion and departure are counted from here
 * @param heard true once the member itself was heard since this process started, and not only
 *     others who know of it
 */
public record Entry(Membership membership, long sinceNanos, boolean heard) {

  public Member member() {
    return membership.member();
  }

  public Health health() {
    return membership.health();
  }

  public String id() {
    return membership.member().id();
  }

  /** Worth a probe: permanent peers in every health, others while they may be alive (4.8, 5.1). */
  public boolean isProbeable() {
    return member().persistent() || health() == Health.ALIVE || health() == Health.SUSPECT;
  }

  /**
   * Worth a connection. A suspect is not: a connection to it would only outlive the cut and deliver
   * late, and once it is heard again everything is hot for it.
   */
  public boolean isPushable() {
    return health() == Health.ALIVE || (member().persistent() && health() == Health.DEPARTED);
  }
}
