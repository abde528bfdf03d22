package dev.monarch.ring;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the loop, in three lanes of first in, first out.
 *
 * <p>Control comes first and is never refused: it is what the member's own parts say, and as much
 * as the machine has asked for. Datagrams beyond the bound are refused, because the protocol bears
 * their loss and an old one is worth little. Rumors beyond it make their reader wait, which TCP
 * passes on to the sender. Datagrams and rumors take turns, so that a flood of one does not starve
 * the other.
 */
final class InputQueue<T> {
  /** Some tens of milliseconds of work. */
  static final int DATAGRAMS_MAX = 4096;

  static final int RUMORS_MAX = 1024;

  private final int datagramsMax;
  private final int rumorsMax;
  private final Queue<T> control = new ArrayDeque<>();
  private final Queue<T> datagrams = new ArrayDeque<>();
  private final Queue<T> rumors = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition rumorTaken = lock.newCondition();
  private boolean rumorsTurn;
  private boolean closed;

  InputQueue() {
    this(DATAGRAMS_MAX, RUMORS_MAX);
  }

  InputQueue(int datagramsMax, int rumorsMax) {
    this.datagramsMax = datagramsMax;
    this.rumorsMax = rumorsMax;
  }

  /** False if it was refused, because the lane is full or the queue closed. */
  boolean offerDatagram(T item) {
    lock.lock();
    try {
      if (closed || datagrams.size() >= datagramsMax) {
        return false;
      }
      datagrams.add(item);
      filled.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for room; false if the queue is closed. */
  boolean putRumor(T item) {
    lock.lock();
    try {
      while (!closed && rumors.size() >= rumorsMax) {
        rumorTaken.awaitUninterruptibly();
      }
      if (closed) {
        return false;
      }
      rumors.add(item);
      filled.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** False if the queue is closed. */
  boolean putControl(T item) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      control.add(item);
      filled.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The next item, waited for at most so long. */
  Optional<T> take(long waitNanos) throws InterruptedException {
    lock.lock();
    try {
      long left = waitNanos;
      Optional<T> item = poll();
      while (item.isEmpty() && left > 0 && !closed) {
        left = filled.awaitNanos(left);
        item = poll();
      }
      return item;
    } finally {
      lock.unlock();
    }
  }

  private Optional<T> poll() {
    if (!control.isEmpty()) {
      return Optional.of(control.remove());
    }
    boolean takeRumor = !rumors.isEmpty() && (rumorsTurn || datagrams.isEmpty());
    rumorsTurn = !takeRumor;
    if (takeRumor) {
      rumorTaken.signal();
      return Optional.of(rumors.remove());
    }
    return Optional.ofNullable(datagrams.poll());
  }

  /** Refuses everything from now on and gives back the control items that wait. */
  List<T> close() {
    lock.lock();
    try {
      closed = true;
      List<T> left = new ArrayList<>(control);
      control.clear();
      datagrams.clear();
      rumors.clear();
      filled.signalAll();
      rumorTaken.signalAll();
      return left;
    } finally {
      lock.unlock();
    }
  }

  /** Waiting items, for a look from outside. */
  long size() {
    lock.lock();
    try {
      return (long) control.size() + datagrams.size() + rumors.size();
    } finally {
      lock.unlock();
    }
  }

  /** The longest wait that {@link #take} understands; there is nothing to wake up for. */
  static final long FOREVER_NANOS = TimeUnit.HOURS.toNanos(1);
}
