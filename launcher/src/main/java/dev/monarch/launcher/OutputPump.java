package dev.monarch.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that reads the output of all services and writes it on, line by line, and the
 * Launcher's own words between them.
 *
 * <p>If nobody reads our output, this thread waits, the services' pipes fill, and the services wait
 * in turn; nothing is kept in memory and nothing is lost. Nobody else ever waits for it: a Launcher
 * whose output is stuck still reaps and still stops.
 */
final class OutputPump implements AutoCloseable {
  private static final String PREAMBLE = "hab-launch";
  private static final String KEY = "SV";

  /** Words of our own that may wait to be written; beyond them a stuck output loses some. */
  private static final int WAITING_MAX = 1000;

  /** How long an end waits for its last words. */
  private static final long LAST_WORDS_MILLIS = 2000;

  /** How often output goes before our own words: a service's last lines stand before its end. */
  private static final int PASSED_OVER_MAX = 32;

  private static final int POLLFD_BYTES = 8;

  private final OutputForm form;
  private final OutputStream out;
  private final OutputStream err;
  private final int wake = Linux.openEvent();
  private final BlockingQueue<byte[]> words = new LinkedBlockingQueue<>(WAITING_MAX);
  private final BlockingQueue<Source> added = new LinkedBlockingQueue<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean ending;
  private boolean done;

  private record Source(int descriptor, ServiceLines lines) {}

  OutputPump(OutputForm form, OutputStream out, OutputStream err) {
    this.form = form;
    this.out = out;
    this.err = err;
    Thread.ofPlatform().daemon().name("output").start(this::pump);
  }

  /** Prints a line of the Launcher, after what services wrote before. */
  void say(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (words.offer(form.line(PREAMBLE, KEY, bytes, bytes.length))) {
      wake();
    }
  }

  private synchronized void wake() {
    if (!done) {
      Linux.raise(wake);
    }
  }

  /** Reads both pipes to their end, and closes them. */
  void read(String serviceGroup, int outEnd, int errEnd) {
    added.add(source(serviceGroup, "O", outEnd, out));
    added.add(source(serviceGroup, "E", errEnd, err));
    wake();
  }

  private Source source(String serviceGroup, String key, int descriptor, OutputStream to) {
    return new Source(
        descriptor,
        new ServiceLines((line, length) -> write(to, form.line(serviceGroup, key, line, length))));
  }

  private void pump() {
    List<Source> sources = new ArrayList<>();
    byte[] copy = new byte[ServiceLines.PIECE_BYTES_MAX];
    List<byte[]> said = new ArrayList<>();
    int passedOver = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(copy.length);
      while (true) {
        boolean last = ending;
        // In this order: a service's pipes are known before the word of its end.
        words.drainTo(said);
        added.drainTo(sources);
        boolean read = read(sources, buffer, copy, said.isEmpty() && !last);
        passedOver = read && !said.isEmpty() ? passedOver + 1 : 0;
        if (!read || passedOver > PASSED_OVER_MAX) {
          said.forEach(line -> write(out, line));
          said.clear();
        }
        if (last && !read && words.isEmpty()) {
          sources.forEach(OutputPump::end);
          return;
        }
      }
    } finally {
      synchronized (this) {
        done = true;
        Linux.close(wake);
      }
      ended.countDown();
    }
  }

  private static void end(Source source) {
    source.lines().end();
    Linux.close(source.descriptor());
  }

  /** True if a service had written something. */
  private boolean read(List<Source> sources, MemorySegment buffer, byte[] copy, boolean mayWait) {
    boolean[] ready = poll(sources, mayWait);
    boolean any = false;
    for (int i = sources.size() - 1; i >= 0; i--) {
      if (ready[i]) {
        any = true;
        Source source = sources.get(i);
        int length = Linux.read(source.descriptor(), buffer);
        if (length > 0) {
          MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, copy, 0, length);
          source.lines().take(copy, length);
        } else if (length != -Linux.EINTR) {
          end(source);
          sources.remove(i);
        }
      }
    }
    return any;
  }

  /** Which of them can be read, or have ended. */
  private boolean[] poll(List<Source> sources, boolean mayWait) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment descriptors =
          arena.allocate((sources.size() + 1L) * POLLFD_BYTES, Integer.BYTES);
      ask(descriptors, 0, wake);
      for (int i = 0; i < sources.size(); i++) {
        ask(descriptors, i + 1, sources.get(i).descriptor());
      }
      int _ = Linux.poll(descriptors, sources.size() + 1, mayWait);
      if (isReady(descriptors, 0)) {
        Linux.lower(wake);
      }
      boolean[] ready = new boolean[sources.size()];
      for (int i = 0; i < ready.length; i++) {
        ready[i] = isReady(descriptors, i + 1);
      }
      return ready;
    }
  }

  /** Fills in one {@code struct pollfd}. */
  static void ask(MemorySegment descriptors, int index, int descriptor) {
    descriptors.set(ValueLayout.JAVA_INT, (long) index * POLLFD_BYTES, descriptor);
    descriptors.set(ValueLayout.JAVA_SHORT, (long) index * POLLFD_BYTES + 4, Linux.POLLIN);
    descriptors.set(ValueLayout.JAVA_SHORT, (long) index * POLLFD_BYTES + 6, (short) 0);
  }

  static boolean isReady(MemorySegment descriptors, int index) {
    return descriptors.get(ValueLayout.JAVA_SHORT, (long) index * POLLFD_BYTES + 6) != 0;
  }

  private static void write(OutputStream to, byte[] line) {
    try {
      to.write(line);
      to.flush();
    } catch (IOException nobodyReads) {
      // A service shall not stop because whoever read its log is gone.
    }
  }

  /** Writes what is there, waits a moment for that, and ends. */
  @Override
  public void close() {
    ending = true;
    wake();
    try {
      boolean _ = ended.await(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
