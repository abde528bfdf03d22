package dev.monarch.simulator;

import dev.monarch.wire.Endpoint;

/**
 * Something that happens at an instant of virtual time. Where a {@code generation} is named, it
 * concerns one process; after that one has ended it concerns nobody.
 */
sealed interface Happening {
  /**
   * A datagram reaches a host. Its bytes are shared by all who hold them; nobody changes them.
   *
   * @param from index of the sending host, {@link Host#OUTSIDER} if it was forged
   */
  @SuppressWarnings("ArrayRecordComponent")
  record DatagramArrives(Host to, Endpoint source, int from, byte[] payload) implements Happening {}

  /** The deadline a member asked for may have come. */
  record TimerFires(Host host, int generation) implements Happening {}

  /** The handshake of a connection is answered, refused, or has waited too long. */
  record ConnectEnds(Link link, boolean waited) implements Happening {}

  /** The oldest rumors on a connection reach the other host, or are tried again. */
  record LinkDelivers(Link link) implements Happening {}

  /** It is time to look whether what was sent has been acknowledged. */
  record LinkAcknowledges(Link link) implements Happening {}

  /**
   * A kernel asks whether a silent connection still is.
   *
   * @param questions so far, this one included
   */
  record LinkQuestioned(Link link, int questions) implements Happening {}

  /** A push ended at its sender. */
  record PushEnds(Host host, int generation, long pushId, String memberId, boolean delivered)
      implements Happening {}

  /** The sender learns that its connection broke. */
  record LinkBreaks(Link link) implements Happening {}

  /** A rumor from outside of the ring reaches a host. */
  @SuppressWarnings("ArrayRecordComponent")
  record RumorForged(Host to, byte[] payload) implements Happening {}

  /** The member's state is written to disk. */
  record PersistDue(Host host, int generation) implements Happening {}

  /** A member that leaves has said so for long enough. */
  record StopDue(Host host, int generation) implements Happening {}

  /** An operator's departure is obeyed. */
  record DepartureDue(Host host, int generation) implements Happening {}

  /** A step of the script. */
  record ScriptStep(String text, Runnable action) implements Happening {}
}
