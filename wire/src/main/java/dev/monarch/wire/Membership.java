package dev.monarch.wire;

/**
 * A member and somebody's belief about its health: what membership gossip consists of.
 *
 * <p>It cannot exist for a member without an IPv4 address or at the greatest unsigned incarnation:
 * the former stops the original's probe loop, the latter makes its victim wrap around (butterfly.md
 * 0.3 S4, S5, S9).
 */
public record Membership(Member member, Health health) {
  public Membership {
    if (!member.isReachable()) {
      throw new IllegalArgumentException(
          "expected an IPv4 address for member "
              + member.id()
              + ", found \""
              + member.address()
              + "\"");
    }
    if (member.incarnation() == -1L) {
      throw new IllegalArgumentException(
          "expected an incarnation below 18446744073709551615 for member " + member.id());
    }
  }
}
