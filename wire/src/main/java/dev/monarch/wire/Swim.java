package dev.monarch.wire;

import java.util.List;
import java.util.Optional;

/**
 * A message of the UDP plane (butterfly.md 2.3). The kind of a message is its class, so that type
 * and payload cannot disagree (rule S1).
 */
public sealed interface Swim {
  /** The sender; its address is empty when the message is made, and filled in by who hears it. */
  Member from();

  /** Membership riding along; empty in a ProbePing. */
  List<Membership> membership();

  /**
   * "Are you there?"
   *
   * @param forwardTo the origin of the PingReq on whose behalf this is sent
   */
  record Ping(Member from, Optional<Member> forwardTo, List<Membership> membership)
      implements Swim {
    public Ping {
      membership = List.copyOf(membership);
    }
  }

  /**
   * "I am."
   *
   * @param forwardTo exactly what the answered Ping carried (rule S11)
   */
  record Ack(Member from, Optional<Member> forwardTo, List<Membership> membership) implements Swim {
    public Ack {
      membership = List.copyOf(membership);
    }
  }

  /** "Ask the target for me." */
  record PingReq(Member from, Member target, List<Membership> membership) implements Swim {
    public PingReq {
      membership = List.copyOf(membership);
    }
  }

  /** "I was told you are dead; are you?" It carries no membership. */
  record ProbePing(Member from) implements Swim {
    @Override
    public List<Membership> membership() {
      return List.of();
    }
  }
}
