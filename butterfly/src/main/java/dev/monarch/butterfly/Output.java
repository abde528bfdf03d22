package dev.monarch.butterfly;

import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Swim;
import java.util.List;
import java.util.Optional;

/**
 * Everything a member can ask its surroundings to do or tell them. Outputs are carried out in
 * order: an incarnation is stored before it is said.
 */
public sealed interface Output {
  /**
   * Send this datagram. It fits into 1,024 bytes, sealed or not. A failure is not reported back.
   */
  record Send(Endpoint to, Swim message) implements Output {}

  /**
   * Send these rumors in this order over one connection, then hand in {@link Input.PushEnded}.
   *
   * @param id names this push in its end
   */
  record Push(long id, String memberId, Endpoint to, List<Rumor> rumors) implements Output {
    public Push {
      rumors = List.copyOf(rumors);
    }
  }

  /** Close the connection to this member; a later push opens a new one. */
  record CloseLink(String memberId) implements Output {}

  /** Write down this incarnation, unsigned, before anything that follows is carried out. */
  record StoreIncarnation(long incarnation) implements Output {}

  /** Something a listener may want to know; nothing has to be done. */
  sealed interface Event extends Output {}

  /**
   * A member is known for the first time, or its health or record is another one now.
   *
   * @param from the health before; empty if the member was not known
   */
  record MemberChanged(Member member, Optional<Health> from, Health to) implements Event {}

  /** A rumor other than a member's is new or replaced an older one; as it is stored now. */
  record RumorStored(Rumor rumor) implements Event {}

  /** An operator made this very member depart: it has to stop for good (butterfly.md 4.10). */
  record DepartureOrdered() implements Event {}

  /** Somebody else uses this member's id: a copied disk (butterfly.md 13, W27). */
  record OwnIdHeard(Endpoint source) implements Event {}

  /** How far a probe went. */
  enum ProbeStage {
    PING,
    PINGREQ
  }

  /**
   * A stage of a probe ended.
   *
   * @param answered false if the wait for the answer ran out
   */
  record ProbeEnded(String memberId, ProbeStage stage, boolean answered, long durationNanos)
      implements Event {}
}
