package dev.monarch.launcher;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The processes we started: waits for their ends, and signals them while their ids are theirs.
 *
 * <p>One thread waits for a descriptor per child, which the kernel makes readable the moment the
 * child ends; only then is the child reaped, under the same lock as every signal is sent. Until it
 * is reaped, its id is given to nobody else, so no signal meets a stranger.
 *
 * <p>A Launcher also becomes the parent of what its services leave behind. Those are reaped by a
 * second thread, which looks at every child that ended but leaves ours to the first.
 */
final class Children implements AutoCloseable {
  private static final int POLLFD_BYTES = 8;

  private final int wake = Linux.openEvent();
  private final Map<Integer, Child> children = new LinkedHashMap<>();
  private boolean closed;

  private record Child(int pid, int descriptor, Consumer<Linux.Ended> ended) {}

  Children() {
    Thread.ofPlatform().daemon().name("children").start(this::await);
  }

  /** Reaps orphans from now on. For a process that starts no others by itself. */
  void adoptOrphans() {
    int _ = Linux.becomeSubreaper();
    Thread.ofPlatform().daemon().name("orphans").start(this::reapOrphans);
  }

  /** How a process is started; returns its id or -errno. */
  interface Start {
    int run();
  }

  /**
   * Starts a child.
   *
   * @param ended is told once, by the waiting thread
   * @return its id, or -errno
   */
  synchronized int start(Start start, Consumer<Linux.Ended> ended) {
    if (closed) {
      throw new IllegalStateException("expected a process host in use, found a closed one");
    }
    int pid = start.run();
    if (pid <= 0) {
      return pid;
    }
    int descriptor = Linux.openPidDescriptor(pid);
    if (descriptor < 0) {
      // Nobody would hear of its end.
      int _ = Linux.kill(pid, Signal.KILL.number());
      Linux.awaitAndReap(pid);
      return descriptor;
    }
    children.put(pid, new Child(pid, descriptor, ended));
    notifyAll();
    Linux.raise(wake);
    return pid;
  }

  /** Signals the group of a child, or what is left of a former child's group. */
  synchronized void signal(int pid, Signal signal) throws LauncherException {
    boolean _ = ProcessGroups.signal(pid, signal);
  }

  private void await() {
    while (true) {
      List<Child> waited;
      synchronized (this) {
        if (closed) {
          Linux.close(wake);
          return;
        }
        waited = new ArrayList<>(children.values());
      }
      for (Child child : endedOf(waited)) {
        Linux.@Nullable Ended ended;
        synchronized (this) {
          ended = Linux.reap(child.pid());
          if (ended == null) {
            continue;
          }
          children.remove(child.pid());
          Linux.close(child.descriptor());
          notifyAll();
        }
        child.ended().accept(ended);
      }
    }
  }

  private List<Child> endedOf(List<Child> waited) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment descriptors =
          arena.allocate((waited.size() + 1L) * POLLFD_BYTES, Integer.BYTES);
      OutputPump.ask(descriptors, 0, wake);
      for (int i = 0; i < waited.size(); i++) {
        OutputPump.ask(descriptors, i + 1, waited.get(i).descriptor());
      }
      int _ = Linux.poll(descriptors, waited.size() + 1, true);
      if (OutputPump.isReady(descriptors, 0)) {
        Linux.lower(wake);
      }
      List<Child> ended = new ArrayList<>();
      for (int i = 0; i < waited.size(); i++) {
        if (OutputPump.isReady(descriptors, i + 1)) {
          ended.add(waited.get(i));
        }
      }
      return ended;
    }
  }

  private void reapOrphans() {
    try {
      while (true) {
        Linux.@Nullable Ended ended = Linux.awaitAny();
        synchronized (this) {
          if (closed) {
            return;
          }
          if (ended == null) {
            // No children at all. Only a child of ours can leave orphans to us.
            while (children.isEmpty() && !closed) {
              wait();
            }
          } else if (children.containsKey(ended.pid())) {
            while (children.containsKey(ended.pid()) && !closed) {
              wait();
            }
          } else {
            Linux.@Nullable Ended _ = Linux.reap(ended.pid());
          }
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops waiting. Children that still live are left alone. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      notifyAll();
      Linux.raise(wake);
    }
  }
}
