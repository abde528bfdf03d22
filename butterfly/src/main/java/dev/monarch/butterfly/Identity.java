package dev.monarch.butterfly;

import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Member;
import java.util.Optional;

/**
 * Who a member is when it starts.
 *
 * @param id the member id
 * @param incarnation the one stored last, unsigned; zero at the very first start
 * @param swimPort advertised UDP port
 * @param gossipPort advertised TCP port
 * @param persistent a permanent peer
 * @param address its own address if it listens on a single one; empty if it listens on all, then it
 *     learns the address from what others say about it
 * @param sealed true if its ring has a key, which makes every datagram longer
 */
public record Identity(
    String id,
    long incarnation,
    int swimPort,
    int gossipPort,
    boolean persistent,
    Optional<String> address,
    boolean sealed) {

  public Identity {
    address.ifPresent(text -> new Endpoint(text, swimPort));
  }

  /** The record sent as {@code from}, whose address every receiver fills in itself. */
  public Member toMember() {
    return new Member(id, incarnation, "", swimPort, gossipPort, persistent, false, false);
  }
}
