package dev.monarch.ring;

/**
 * Hears what happens in a ring. It is called on a thread of its own, one event at a time and in
 * order, and may block: the ring goes on meanwhile, and tells by {@link RingEvent.EventsMissed} if
 * the listener fell too far behind.
 */
@FunctionalInterface
public interface RingListener {
  void heard(RingEvent event);
}
