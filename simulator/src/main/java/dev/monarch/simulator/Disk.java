package dev.monarch.simulator;

import dev.monarch.butterfly.RingState;
import java.util.ArrayDeque;

/**
 * What of a member outlives its process: the incarnation, written at once, and the ring's state,
 * written now and then. It keeps a few older copies for a host that comes back with a stale disk.
 */
final class Disk {
  /** Older copies kept; as many as a script can make use of. */
  private static final int BACKUPS_MAX = 4;

  private record Copy(long incarnation, RingState state) {}

  private final ArrayDeque<Copy> backups = new ArrayDeque<>();
  private long incarnation;
  private RingState state = RingState.EMPTY;

  long incarnation() {
    return incarnation;
  }

  RingState state() {
    return state;
  }

  void store(long newIncarnation) {
    incarnation = newIncarnation;
  }

  void store(RingState newState) {
    if (backups.size() < BACKUPS_MAX) {
      backups.addLast(new Copy(incarnation, newState));
    }
    state = newState;
  }

  /** The oldest state there is, with today's incarnation. */
  void makeStateStale() {
    Copy oldest = backups.peekFirst();
    if (oldest != null) {
      state = oldest.state();
    }
  }

  /** As if a whole backup had been put back: the oldest state and the incarnation of that time. */
  void restoreBackup() {
    Copy oldest = backups.peekFirst();
    if (oldest != null) {
      state = oldest.state();
      incarnation = oldest.incarnation();
    }
  }

  void wipe() {
    incarnation = 0;
    state = RingState.EMPTY;
    backups.clear();
  }
}
