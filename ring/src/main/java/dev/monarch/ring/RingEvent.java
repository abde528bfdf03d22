package dev.monarch.ring;

import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Rumor;
import java.time.Instant;
import java.util.Optional;

/** Something that happened in a ring or to this member of it. */
public sealed interface RingEvent {
  /** When, on the wall clock. */
  Instant at();

  /**
   * A member is known for the first time, or its health or record is another one now. Members known
   * from disk come first, as known for the first time.
   *
   * @param atNanos when, as {@link System#nanoTime()} tells it: for measuring spans
   * @param from the health before; empty if the member was not known
   */
  record MemberChanged(Instant at, long atNanos, Member member, Optional<Health> from, Health to)
      implements RingEvent {}

  /** A rumor other than a member's is new or replaced an older one; as it is stored now. */
  record RumorStored(Instant at, Rumor rumor) implements RingEvent {}

  /** An operator made this very member depart: it has to {@link Ring#leave()} and stay away. */
  record DepartureOrdered(Instant at) implements RingEvent {}

  /** Somebody else uses this member's id, as after copying a disk. */
  record OwnIdHeard(Instant at, Endpoint source) implements RingEvent {}

  /**
   * Something went wrong that the member survives: a disk that is full, a bad line in the peer
   * watch file, an unreadable record.
   *
   * @param text one line for the operator
   */
  record Trouble(Instant at, String text) implements RingEvent {}

  /** This listener was too slow, and so many events were not kept for it. */
  record EventsMissed(Instant at, long count) implements RingEvent {}
}
