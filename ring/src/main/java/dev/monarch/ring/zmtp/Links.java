package dev.monarch.ring.zmtp;

import dev.monarch.wire.Endpoint;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import jdk.net.ExtendedSocketOptions;

/**
 * The PUSH ends of a member: one connection to each other member it has something to tell, opened
 * on demand and kept.
 *
 * <p>The original opens a connection for every round. Keeping it saves the handshake, but needs
 * care: a connection that breaks unnoticed swallows what is written to it. So each link has a
 * reader, which notices the end at once and has it told ({@code lost}); whoever owns the links
 * closes one when it suspects the member, because TCP alone takes a minute or more to find out
 * after a cut.
 *
 * <p>A member that is killed and restarted while the way to it is cut may have forgotten what it
 * was told, and its kernel's word that the connection is gone got lost. So the kernel asks after
 * {@link #KEEP_ALIVE_IDLE_SECONDS} of silence whether the connection still is.
 */
public final class Links implements Closeable {
  /**
   * How long the other end is waited for.
   *
   * @param idle how long a link is kept that is not used
   */
  record Patience(Duration connect, Duration handshake, Duration write, Duration idle) {
    /**
     * A host that lives answers within a second; the original waits half as long in all. A push is
     * at most some megabytes; who does not read for five seconds is not listening. Gossip to a
     * member comes in bursts, around changes, some minutes apart.
     */
    static final Patience STANDARD =
        new Patience(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofMinutes(2));
  }

  /**
   * Descriptors and threads are bounded in rings of any size; the link not used for longest goes.
   */
  private static final int LINKS_MAX = 512;

  /** A third of the time between two writings of the rumor file. */
  private static final int KEEP_ALIVE_IDLE_SECONDS = 10;

  private static final int KEEP_ALIVE_INTERVAL_SECONDS = 5;

  /** After so many questions without an answer the connection breaks. */
  private static final int KEEP_ALIVE_QUESTIONS = 4;

  private static final long SWEEP_MILLIS = 500;

  /** What the other end says on a link is commands, which are short. */
  private static final int HEARD_BYTES_MAX = 4096;

  /** How a push ended. */
  public enum Result {
    /** All messages were handed to the operating system. */
    DELIVERED,
    /** There is nobody to hand them to. */
    NO_CONNECTION,
    /** The connection broke meanwhile; some may have arrived. */
    BROKEN
  }

  private final Patience patience;
  private final Optional<InetSocketAddress> source;
  private final Predicate<Endpoint> barred;
  private final Consumer<String> lost;
  private final Map<String, Link> links = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Thread sweeper;
  private boolean closed;

  /**
   * @param source local address of all connections, with port 0; empty leaves it to the system
   * @param barred where no connection is opened to
   * @param lost hears the id of a member whose link broke without us having closed it
   */
  public Links(
      Optional<InetSocketAddress> source, Predicate<Endpoint> barred, Consumer<String> lost) {
    this(Patience.STANDARD, source, barred, lost);
  }

  Links(
      Patience patience,
      Optional<InetSocketAddress> source,
      Predicate<Endpoint> barred,
      Consumer<String> lost) {
    this.patience = patience;
    this.source = source;
    this.barred = barred;
    this.lost = lost;
    this.sweeper = Thread.ofVirtual().name("zmtp-sweep").start(this::sweep);
  }

  /** Sends these messages in order; blocks until they are out, or known not to be. */
  public Result push(String memberId, Endpoint to, List<byte[]> messages) {
    Optional<Link> found = barred.test(to) ? Optional.empty() : link(memberId, to);
    if (found.isEmpty()) {
      return Result.NO_CONNECTION;
    }
    Link link = found.get();
    try {
      link.open();
    } catch (IOException e) {
      drop(link);
      return Result.NO_CONNECTION;
    }
    try {
      link.write(messages);
      return Result.DELIVERED;
    } catch (IOException e) {
      broken(link);
      return Result.BROKEN;
    }
  }

  private Optional<Link> link(String memberId, Endpoint to) {
    lock.lock();
    try {
      if (closed) {
        return Optional.empty();
      }
      Link known = links.get(memberId);
      if (known != null && known.to.equals(to) && !known.isClosed()) {
        return Optional.of(known);
      }
      if (known != null) {
        known.close();
      } else if (links.size() >= LINKS_MAX) {
        evictOne();
      }
      Link fresh = new Link(memberId, to);
      links.put(memberId, fresh);
      return Optional.of(fresh);
    } catch (IOException e) {
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void evictOne() {
    long now = System.nanoTime();
    links.values().stream()
        .filter(link -> link.busySinceNanos == Link.NOT_BUSY)
        .max(Comparator.comparingLong(link -> now - link.usedNanos))
        .ifPresent(this::drop);
  }

  /** Closes the link to this member, if there is one, without telling. */
  public void close(String memberId) {
    lock.lock();
    try {
      Link link = links.get(memberId);
      if (link != null) {
        drop(link);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Breaks the links to barred members, after these have changed. */
  public void closeBarred() {
    all().stream().filter(link -> barred.test(link.to)).forEach(this::broken);
  }

  private List<Link> all() {
    lock.lock();
    try {
      return List.copyOf(links.values());
    } finally {
      lock.unlock();
    }
  }

  /** Links open or opening now. */
  public int open() {
    lock.lock();
    try {
      return links.size();
    } finally {
      lock.unlock();
    }
  }

  /** Closes and forgets; true if nobody else did before. */
  private boolean drop(Link link) {
    lock.lock();
    try {
      links.remove(link.memberId, link);
    } finally {
      lock.unlock();
    }
    return link.close();
  }

  private void broken(Link link) {
    if (drop(link)) {
      lost.accept(link.memberId);
    }
  }

  private void sweep() {
    try {
      while (true) {
        Thread.sleep(SWEEP_MILLIS);
        long now = System.nanoTime();
        for (Link link : all()) {
          if (link.isStuck(now)) {
            // Not dropped here: the writer wakes up, fails, and tells.
            link.breakOff();
          } else if (link.isIdle(now)) {
            drop(link);
          }
        }
      }
    } catch (InterruptedException e) {
      // The links are closing.
    }
  }

  @Override
  public void close() {
    sweeper.interrupt();
    lock.lock();
    try {
      closed = true;
      links.values().forEach(Link::close);
      links.clear();
    } finally {
      lock.unlock();
    }
  }

  private final class Link {
    static final long NOT_BUSY = Long.MIN_VALUE;

    final String memberId;
    final Endpoint to;
    private final SocketChannel channel;
    private final ReentrantLock opening = new ReentrantLock();
    private Optional<Connection> connection = Optional.empty();
    private boolean isClosed;
    volatile long usedNanos = System.nanoTime();
    volatile long busySinceNanos = NOT_BUSY;
    private volatile boolean wasUsed;

    Link(String memberId, Endpoint to) throws IOException {
      this.memberId = memberId;
      this.to = to;
      this.channel = SocketChannel.open(StandardProtocolFamily.INET);
    }

    /** Connects unless it is. */
    void open() throws IOException {
      opening.lock();
      try {
        if (connection.isPresent()) {
          return;
        }
        if (source.isPresent()) {
          channel.bind(source.get());
        }
        keepAlive(channel);
        channel
            .socket()
            .connect(
                new InetSocketAddress(to.address(), to.port()),
                Math.toIntExact(patience.connect().toMillis()));
        Connection fresh = new Connection(channel);
        fresh.handshake("PUSH", "PULL", patience.handshake());
        connection = Optional.of(fresh);
        Thread.ofVirtual().name("zmtp-push").start(() -> watch(fresh));
      } catch (RuntimeException e) {
        // An address no socket can be connected to, such as port 0 or a broadcast.
        throw new IOException("cannot connect to " + to, e);
      } finally {
        opening.unlock();
      }
    }

    private static void keepAlive(SocketChannel channel) throws IOException {
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      setIfKnown(channel, ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_IDLE_SECONDS);
      setIfKnown(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_ALIVE_INTERVAL_SECONDS);
      setIfKnown(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_ALIVE_QUESTIONS);
    }

    private static void setIfKnown(SocketChannel channel, SocketOption<Integer> option, int value)
        throws IOException {
      if (channel.supportedOptions().contains(option)) {
        channel.setOption(option, value);
      }
    }

    private void watch(Connection fresh) {
      try {
        Optional<Frame> frame = hear(fresh);
        while (frame.isPresent()) {
          Optional<byte[]> pong = frame.get().pong();
          if (pong.isPresent()) {
            fresh.write(pong.get());
          }
          frame = hear(fresh);
        }
      } catch (IOException e) {
        // Told below, as a proper end is.
      }
      broken(this);
    }

    private Optional<Frame> hear(Connection fresh) throws IOException {
      return fresh.read(HEARD_BYTES_MAX, patience.write());
    }

    void write(List<byte[]> messages) throws IOException {
      busySinceNanos = System.nanoTime();
      try {
        connection().writeMessages(messages);
      } finally {
        usedNanos = System.nanoTime();
        busySinceNanos = NOT_BUSY;
        wasUsed = true;
      }
    }

    private Connection connection() throws IOException {
      opening.lock();
      try {
        return connection.orElseThrow(() -> new IOException("the link is not open"));
      } finally {
        opening.unlock();
      }
    }

    boolean isStuck(long now) {
      long since = busySinceNanos;
      return since != NOT_BUSY && now - since > patience.write().toNanos();
    }

    /** One that nothing was written to yet is being opened, or about to be used. */
    boolean isIdle(long now) {
      return wasUsed && busySinceNanos == NOT_BUSY && now - usedNanos > patience.idle().toNanos();
    }

    boolean isClosed() {
      lock.lock();
      try {
        return isClosed;
      } finally {
        lock.unlock();
      }
    }

    /** True if it was open until now. */
    boolean close() {
      lock.lock();
      try {
        if (isClosed) {
          return false;
        }
        isClosed = true;
      } finally {
        lock.unlock();
      }
      breakOff();
      return true;
    }

    void breakOff() {
      try {
        channel.close();
      } catch (IOException e) {
        // Closing is all that could be done about it.
      }
    }
  }
}
