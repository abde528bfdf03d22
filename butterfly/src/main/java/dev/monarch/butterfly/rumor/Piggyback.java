package dev.monarch.butterfly.rumor;

import dev.monarch.butterfly.membership.Entry;
import dev.monarch.butterfly.membership.MemberList;
import dev.monarch.wire.Envelope;
import dev.monarch.wire.Health;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Swim;
import dev.monarch.wire.SwimCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What rides along in a datagram (butterfly.md 5.4): first the recipient's own record, so that it
 * learns what is thought of it and can object; then the hot rumors about members, as many as fit.
 */
public final class Piggyback {
  /**
   * Hot rumors looked at for one datagram. A record takes at least 60 bytes, so that no more than
   * this fit whatever the ids.
   */
  private static final int LOOKED_AT_MAX = 32;

  private final MemberList members;
  private final Heat heat;
  private final boolean sealed;

  /**
   * @param sealed true if the envelope will be sealed, which takes some bytes
   */
  public Piggyback(MemberList members, Heat heat, boolean sealed) {
    this.members = members;
    this.heat = heat;
    this.sealed = sealed;
  }

  /** True if the message fits into a datagram as it is. */
  public boolean fits(Swim message) {
    return room(SwimCodec.sizeBytes(message)) >= 0;
  }

  /**
   * The records for a message to this recipient. What is chosen counts as told, whether the
   * datagram arrives or not; a permanent peer held confirmed is not counted for (4.8), nor is a
   * stranger that finds the list full, for there would be no end of counting.
   *
   * @param bare the message without any membership
   * @param recipientId for a PingReq its target
   * @param underWay rumors being pushed to the recipient right now, to be left out
   */
  public List<Membership> compose(Swim bare, String recipientId, List<Heat.Hot> underWay) {
    List<Membership> records = new ArrayList<>();
    int payloadBytes = SwimCodec.sizeBytes(bare);
    Optional<Entry> recipient = members.find(recipientId);
    if (recipient.isPresent()) {
      payloadBytes = add(recipient.get().membership(), payloadBytes, records);
    }
    List<Heat.Hot> told = new ArrayList<>();
    for (Heat.Hot hot : heat.hotMembers(recipientId, LOOKED_AT_MAX)) {
      Optional<Entry> subject = members.find(hot.key().id());
      if (underWay.contains(hot)) {
        continue;
      }
      if (subject.isPresent() && !hot.key().id().equals(recipientId)) {
        int before = records.size();
        payloadBytes = add(subject.get().membership(), payloadBytes, records);
        if (records.size() == before) {
          continue;
        }
      }
      told.add(hot);
    }
    if (recipient.map(entry -> !isConfirmedPermanentPeer(entry)).orElse(!members.isFull())) {
      heat.cool(recipientId, told);
    }
    return records;
  }

  private int add(Membership record, int payloadBytes, List<Membership> records) {
    int longer = payloadBytes + SwimCodec.sizeBytes(record);
    if (room(longer) < 0) {
      return payloadBytes;
    }
    records.add(record);
    return longer;
  }

  private int room(int payloadBytes) {
    return Envelope.DATAGRAM_BYTES_MAX - Envelope.sizeBytes(payloadBytes, sealed);
  }

  private static boolean isConfirmedPermanentPeer(Entry entry) {
    return entry.member().persistent() && entry.health() == Health.CONFIRMED;
  }
}
