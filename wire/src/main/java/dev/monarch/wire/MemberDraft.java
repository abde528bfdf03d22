package dev.monarch.wire;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link Member} on its way in. */
final class MemberDraft extends Draft {
  private static final int PORT_MAX = 65_535;

  private @Nullable String id;
  private long incarnation;
  private String address = "";
  private @Nullable Integer swimPort;
  private @Nullable Integer gossipPort;
  private boolean persistent;
  private boolean departed;
  private boolean probePing;

  @Override
  protected void read(ProstReader in) throws RefusedException {
    switch (in.field()) {
      case 1 -> id = in.text();
      case 2 -> incarnation = in.int64();
      case 3 -> address = in.text();
      case 4 -> swimPort = in.int32();
      case 5 -> gossipPort = in.int32();
      case 6 -> persistent = in.bool();
      case 7 -> departed = in.bool();
      case 8 -> probePing = in.bool();
      default -> in.skip();
    }
  }

  /** The member, or a refusal as the original would refuse it, or for a name that is none. */
  Member finish() throws RefusedException {
    String name = requiredName(id, "a member id");
    int swim = checkPort("swim port", swimPort);
    int gossip = checkPort("gossip port", gossipPort);
    if (name.isEmpty()) {
      throw new RefusedException(
          Rejection.FIELD_INVALID, "expected a member id, found an empty one");
    }
    Limits.checkName("an address", address);
    return new Member(name, incarnation, address, swim, gossip, persistent, departed, probePing);
  }

  /**
   * The member if it may be gossiped about. Empty if only what the original does not look at is
   * wrong: such records travel through rings of originals, and to refuse the datagrams that carry
   * them would make us deaf (W1).
   */
  Optional<Member> finishForGossip() throws RefusedException {
    String name = required(id, "a member id");
    checkPort("swim port", swimPort);
    checkPort("gossip port", gossipPort);
    boolean harmless =
        !name.isEmpty()
            && name.length() <= Limits.NAME_CHARS_MAX
            && Ipv4.isLiteral(address)
            && Long.compareUnsigned(incarnation, Member.INCARNATION_MAX) <= 0;
    return harmless ? Optional.of(finish()) : Optional.empty();
  }

  private static int checkPort(String what, @Nullable Integer port) throws RefusedException {
    int found = required(port, "a " + what);
    if (found < 0 || found > PORT_MAX) {
      throw new RefusedException(
          Rejection.FIELD_INVALID,
          "expected a " + what + " of 0 to " + PORT_MAX + ", found " + found);
    }
    return found;
  }
}
