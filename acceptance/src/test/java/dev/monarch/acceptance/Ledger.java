package dev.monarch.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Clients that write to every Redis of a group all the time, and a book of what was acknowledged by
 * whom and when.
 */
final class Ledger implements AutoCloseable {
  private static final int PORT = 6379;
  private static final Duration ANSWER_WITHIN = Duration.ofMillis(500);

  /** Who is known to be there may be busy. */
  private static final Duration LOOK_WITHIN = Duration.ofSeconds(60);

  private static final long PAUSE_MILLIS = 5;

  /**
   * A write that was acknowledged.
   *
   * @param beganNanos when it was sent
   * @param endedNanos when the answer had come
   */
  record Write(String address, String key, long beganNanos, long endedNanos) {}

  /**
   * What became of all writes.
   *
   * @param lost acknowledged and not there any more
   * @param ends for each lost one, how long its primary acknowledged others after it
   */
  record Loss(int acknowledged, List<Write> lost, List<Duration> ends) {
    List<Duration> olderThan(Duration lag) {
      return ends.stream().filter(end -> end.compareTo(lag) > 0).toList();
    }

    @Override
    public String toString() {
      return ends.stream()
          .max(Comparator.naturalOrder())
          .map(
              longest ->
                  "%d of %d acknowledged writes lost: not copied yet, %s before the end of a primary"
                      .formatted(lost.size(), acknowledged, Waiting.seconds(longest)))
          .orElse("0 of %d acknowledged writes lost".formatted(acknowledged));
    }
  }

  private final List<Thread> clients = new ArrayList<>();
  private final ConcurrentLinkedQueue<Write> book = new ConcurrentLinkedQueue<>();
  private volatile boolean stopped;

  Ledger(List<String> addresses) {
    for (String address : addresses) {
      clients.add(Thread.ofVirtual().name("writer-" + address).start(() -> writeOn(address)));
    }
  }

  private void writeOn(String address) {
    long count = 0;
    while (!stopped) {
      try (var redis = new Redis(address, ANSWER_WITHIN)) {
        while (!stopped) {
          String key = address + ":" + count++;
          long began = System.nanoTime();
          if (redis.ask("SET " + key + " 1").equals("+OK")) {
            book.add(new Write(address, key, began, System.nanoTime()));
          }
          TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
      } catch (IOException goneOrSilent) {
        pauseBeforeAnotherTry();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static void pauseBeforeAnotherTry() {
    try {
      TimeUnit.MILLISECONDS.sleep(20 * PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Writes in the order they were acknowledged. */
  private List<Write> acknowledged() {
    return book.stream().sorted(Comparator.comparingLong(Write::endedNanos)).toList();
  }

  /** Waits until this one, and nobody else, has acknowledged the newest writes. */
  void awaitPrimary(String address, Duration within) {
    Waiting.until(address + " acknowledges writes", within, () -> isPrimary(address));
  }

  /** Fails if anybody else acknowledges a write in this time. */
  void assertPrimaryFor(String address, Duration span) {
    Waiting.throughout(address + " acknowledges writes", span, () -> isPrimary(address));
  }

  private Waiting.Look isPrimary(String address) {
    List<Write> newest = acknowledged().reversed().stream().limit(10).toList();
    return new Waiting.Look(
        newest.size() == 10 && newest.stream().allMatch(w -> w.address().equals(address)),
        newest.toString());
  }

  /** How long nobody acknowledged anything when the primary changed last. */
  String lastChange() {
    List<Write> all = acknowledged();
    for (int i = all.size() - 1; i > 0; i--) {
      Write before = all.get(i - 1);
      Write after = all.get(i);
      if (!before.address().equals(after.address())) {
        return "no primary for %s, then %s after %s"
            .formatted(
                Waiting.seconds(Duration.ofNanos(after.endedNanos() - before.endedNanos())),
                after.address(),
                before.address());
      }
    }
    throw new IllegalStateException("the primary never changed");
  }

  void stop() throws InterruptedException {
    stopped = true;
    for (Thread client : clients) {
      client.join();
    }
  }

  /** What is missing at the one that is primary in the end. */
  Loss loss(String primary) throws IOException {
    List<Write> all = acknowledged();
    List<Write> lost = new ArrayList<>();
    try (var redis = new Redis(primary, LOOK_WITHIN)) {
      for (Write write : all) {
        if (!redis.ask("EXISTS " + write.key()).equals(":1")) {
          lost.add(write);
        }
      }
    }
    return new Loss(
        all.size(), lost, lost.stream().map(write -> untilItsPrimaryEnded(write, all)).toList());
  }

  private static Duration untilItsPrimaryEnded(Write write, List<Write> all) {
    long end = write.endedNanos();
    for (Write later : all) {
      if (later.endedNanos() > write.endedNanos()) {
        if (!later.address().equals(write.address())) {
          break;
        }
        end = later.endedNanos();
      }
    }
    return Duration.ofNanos(end - write.endedNanos());
  }

  /** Who acknowledged writes, one after the other. Two at the same time would take turns. */
  List<String> reigns() {
    List<String> reigns = new ArrayList<>();
    for (Write write : acknowledged()) {
      if (reigns.isEmpty() || !reigns.getLast().equals(write.address())) {
        reigns.add(write.address());
      }
    }
    return reigns;
  }

  /** What {@code INFO replication} says. */
  String replication(String address) {
    try (var redis = new Redis(address, LOOK_WITHIN)) {
      return redis.askBulk("INFO replication");
    } catch (IOException e) {
      throw new IllegalStateException("no answer from " + address + ": " + e, e);
    }
  }

  @Override
  public void close() {
    try {
      stop();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** One connection, one question at a time. */
  private static final class Redis implements AutoCloseable {
    private final Socket socket = new Socket();
    private final BufferedReader in;

    Redis(String address, Duration within) throws IOException {
      try {
        socket.connect(new InetSocketAddress(address, PORT), (int) within.toMillis());
        socket.setSoTimeout((int) within.toMillis());
        socket.setTcpNoDelay(true);
        in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      } catch (IOException e) {
        socket.close();
        throw e;
      }
    }

    String ask(String command) throws IOException {
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      String answer = in.readLine();
      if (answer == null) {
        throw new IOException("the connection was closed");
      }
      return answer;
    }

    String askBulk(String command) throws IOException {
      int length = Integer.parseInt(ask(command).substring(1));
      char[] text = new char[length];
      for (int read = 0; read < length; ) {
        int more = in.read(text, read, length - read);
        if (more < 0) {
          throw new IOException("the connection was closed");
        }
        read += more;
      }
      return new String(text);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
