package dev.monarch.ring.zmtp;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * The PULL end of a member: accepts connections and hands over every message it hears.
 *
 * <p>Each connection has a virtual thread that reads, checks and calls the {@link Audience}. If
 * that call blocks, the connection is not read meanwhile and TCP slows its sender down. Parts of a
 * multipart message count as messages of their own, as in the original (butterfly.md 1.3). A sender
 * may close right after its last frame: whatever arrived is read first.
 */
public final class PullServer implements Closeable {
  /** Guests that are silent for too long stay by so much longer at most. */
  private static final int LOOKS_PER_IDLE_TIMEOUT = 10;

  /** A pause before accepting again when the process has, say, no file descriptor left. */
  private static final long ACCEPT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** An acceptor notices at once; beyond this something is wrong. */
  private static final Duration CLOSE_TIME_MAX = Duration.ofSeconds(2);

  /** Who hears the messages; called by many threads at once. */
  public interface Audience {
    /** A message arrived. May block. */
    void message(byte[] bytes);

    /** A message was announced that is too long; its connection is closed. */
    void oversized(long bytes);
  }

  private final ServerSocketChannel listening;
  private final Limits limits;
  private final Audience audience;
  private final Predicate<InetAddress> barred;
  private final Set<Guest> guests = ConcurrentHashMap.newKeySet();
  private final Map<InetAddress, Integer> guestsByAddress = new HashMap<>();
  private final ReentrantLock counting = new ReentrantLock();
  private final LongAdder refused = new LongAdder();
  private final LongAdder protocolFailures = new LongAdder();
  private volatile boolean closed;
  private final Thread usher;
  private volatile Optional<Thread> acceptor = Optional.empty();

  private PullServer(
      ServerSocketChannel listening,
      Limits limits,
      Predicate<InetAddress> barred,
      Audience audience) {
    this.listening = listening;
    this.limits = limits;
    this.barred = barred;
    this.audience = audience;
    this.usher = Thread.ofVirtual().name("zmtp-usher").unstarted(this::dismissTheSilent);
  }

  /**
   * Starts to accept.
   *
   * @param listening a bound channel in blocking mode, closed together with the server
   * @param barred addresses whose connections are closed at once
   */
  public static PullServer start(
      ServerSocketChannel listening,
      Limits limits,
      Predicate<InetAddress> barred,
      Audience audience) {
    PullServer server = new PullServer(listening, limits, barred, audience);
    server.usher.start();
    server.acceptor = Optional.of(Thread.ofVirtual().name("zmtp-accept").start(server::accept));
    return server;
  }

  private void accept() {
    while (!closed) {
      try {
        admit(listening.accept());
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LockSupport.parkNanos(ACCEPT_PAUSE_NANOS);
      }
    }
  }

  private void admit(SocketChannel channel) throws IOException {
    try {
      InetAddress address = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
      Guest guest = new Guest(new Connection(channel), address);
      if (!seat(guest)) {
        refused.increment();
        channel.close();
        return;
      }
      Thread.ofVirtual().name("zmtp-pull").start(() -> listen(guest));
    } catch (IOException e) {
      // It went away while being admitted; the others have nothing to do with it.
      channel.close();
    }
  }

  private boolean seat(Guest guest) {
    counting.lock();
    try {
      int sameAddress = guestsByAddress.getOrDefault(guest.address, 0);
      if (closed
          || barred.test(guest.address)
          || sameAddress >= limits.connectionsPerAddressMax()
          || (guests.size() >= limits.connectionsMax() && !freeOneSeat())) {
        return false;
      }
      guests.add(guest);
      guestsByAddress.merge(guest.address, 1, Integer::sum);
      return true;
    } finally {
      counting.unlock();
    }
  }

  private boolean freeOneSeat() {
    long now = System.nanoTime();
    Optional<Guest> spare =
        guests.stream()
            .max(Comparator.comparingLong(guest -> now - guest.heardNanos))
            .filter(guest -> now - guest.heardNanos > limits.spareAfter().toNanos());
    spare.ifPresent(this::dismiss);
    return spare.isPresent();
  }

  private void dismissTheSilent() {
    try {
      while (true) {
        Thread.sleep(limits.idleTimeout().dividedBy(LOOKS_PER_IDLE_TIMEOUT));
        long now = System.nanoTime();
        guests.stream()
            .filter(guest -> now - guest.heardNanos > limits.idleTimeout().toNanos())
            .forEach(this::dismiss);
      }
    } catch (InterruptedException closing) {
      // The server is closing.
    }
  }

  private void dismiss(Guest guest) {
    guest.connection.close();
    counting.lock();
    try {
      if (guests.remove(guest)) {
        guestsByAddress.computeIfPresent(
            guest.address, (address, count) -> count == 1 ? null : count - 1);
      }
    } finally {
      counting.unlock();
    }
  }

  private void listen(Guest guest) {
    try {
      guest.connection.handshake("PULL", "PUSH", limits.handshakeTimeout());
      Optional<Frame> frame = next(guest);
      while (frame.isPresent()) {
        guest.heardNanos = System.nanoTime();
        take(guest, frame.get());
        frame = next(guest);
      }
    } catch (OversizedException e) {
      audience.oversized(e.bytes());
      protocolFailures.increment();
    } catch (ProtocolException e) {
      protocolFailures.increment();
    } catch (IOException e) {
      // Silence for too long, a reset, a frame cut off: the sender will connect again if it lives.
    } finally {
      dismiss(guest);
    }
  }

  private Optional<Frame> next(Guest guest) throws IOException {
    return guest.connection.read(limits.frameBytesMax(), limits.frameTimeout());
  }

  private void take(Guest guest, Frame frame) throws IOException {
    if (!frame.command()) {
      audience.message(frame.body());
      return;
    }
    Optional<byte[]> pong = frame.pong();
    if (pong.isPresent()) {
      guest.connection.write(pong.get());
    }
  }

  /** Closes the connections from barred addresses, after these have changed. */
  public void closeBarred() {
    guests.stream().filter(guest -> barred.test(guest.address)).forEach(this::dismiss);
  }

  /** Connections open now. */
  public int open() {
    return guests.size();
  }

  /** Connections closed at once, because a limit was reached or their address is barred. */
  public long refused() {
    return refused.sum();
  }

  /** Connections closed because they did not speak as they must. */
  public long protocolFailures() {
    return protocolFailures.sum();
  }

  @Override
  public void close() throws IOException {
    counting.lock();
    try {
      closed = true;
    } finally {
      counting.unlock();
    }
    usher.interrupt();
    listening.close();
    guests.forEach(this::dismiss);
    awaitFreePort();
  }

  /** The port is free once the thread that was accepting has noticed. */
  private void awaitFreePort() {
    try {
      if (acceptor.isPresent()) {
        acceptor.get().join(CLOSE_TIME_MAX);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Guest {
    final Connection connection;
    final InetAddress address;
    volatile long heardNanos = System.nanoTime();

    Guest(Connection connection, InetAddress address) {
      this.connection = connection;
      this.address = address;
    }
  }
}
