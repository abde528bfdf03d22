package dev.monarch.ring;

import dev.monarch.wire.RumorCodec;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Those who listen to a member's events, each on a thread of its own. */
final class Audience {
  /** A storm of changes in a ring of thousands, while the listener writes to a slow disk. */
  static final int EVENTS_MAX = 16_384;

  /** Rumors of configuration and files are long; what a slow listener holds back has an end. */
  static final long RUMOR_BYTES_MAX = 16L << 20;

  private final List<Seat> seats = new CopyOnWriteArrayList<>();
  private final LongAdder missed;

  /**
   * @param missed counts events not kept for slow listeners
   */
  Audience(LongAdder missed) {
    this.missed = missed;
  }

  Ring.Subscription admit(RingListener listener) {
    Seat seat = new Seat(listener);
    seats.add(seat);
    Thread.ofVirtual().name("ring-listener").start(seat::listen);
    return () -> {
      seats.remove(seat);
      seat.end();
    };
  }

  /** Never waits. */
  void tell(RingEvent event) {
    for (Seat seat : seats) {
      seat.tell(event);
    }
  }

  /** No more events; those told before are still heard. */
  void end() {
    seats.forEach(Seat::end);
  }

  private final class Seat {
    private final RingListener listener;
    private final Queue<RingEvent> waiting = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long waitingBytes;
    private long missedHere;
    private boolean ended;

    Seat(RingListener listener) {
      this.listener = listener;
    }

    void tell(RingEvent event) {
      lock.lock();
      try {
        if (ended) {
          return;
        }
        if (waiting.size() >= EVENTS_MAX || waitingBytes + bytes(event) > RUMOR_BYTES_MAX) {
          missedHere++;
          missed.increment();
        } else {
          if (missedHere > 0) {
            waiting.add(gap());
          }
          waiting.add(event);
          waitingBytes += bytes(event);
          changed.signal();
        }
      } finally {
        lock.unlock();
      }
    }

    void end() {
      lock.lock();
      try {
        ended = true;
        changed.signal();
      } finally {
        lock.unlock();
      }
    }

    void listen() {
      Optional<RingEvent> event = next();
      while (event.isPresent()) {
        try {
          listener.heard(event.get());
        } catch (RuntimeException e) {
          // Its own affair: a listener that fails on one event may still want the others.
        }
        event = next();
      }
    }

    private static long bytes(RingEvent event) {
      return event instanceof RingEvent.RumorStored stored
          ? RumorCodec.sizeBytes(stored.rumor())
          : 0;
    }

    private RingEvent gap() {
      RingEvent gap = new RingEvent.EventsMissed(Instant.now(), missedHere);
      missedHere = 0;
      return gap;
    }

    private Optional<RingEvent> next() {
      lock.lock();
      try {
        while (waiting.isEmpty() && missedHere == 0 && !ended) {
          changed.awaitUninterruptibly();
        }
        if (waiting.isEmpty() && missedHere > 0) {
          return Optional.of(gap());
        }
        Optional<RingEvent> event = Optional.ofNullable(waiting.poll());
        waitingBytes -= event.map(Seat::bytes).orElse(0L);
        return event;
      } finally {
        lock.unlock();
      }
    }
  }
}
