package dev.monarch.ring;

import dev.monarch.wire.Endpoint;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The UDP plane: one socket for both directions, so that what a member says comes from where it
 * listens (butterfly.md 1.2).
 *
 * <p>Neither direction ever fails for its caller. A network that is gone, a firewall that forbids
 * or an address nobody can send to costs the datagram, which the protocol expects to lose now and
 * then.
 */
final class UdpTransport implements Closeable {
  /** Who hears datagrams. */
  interface Audience {
    void datagram(Endpoint source, byte[] bytes);
  }

  /** The largest there is; the original takes 1,024 bytes and no more, which binds only senders. */
  private static final int DATAGRAM_BYTES_MAX = 65_535;

  /** A second of traffic in a ring of thousands fits while the process is held up. */
  private static final int RECEIVE_BUFFER_BYTES = 1024 * 1024;

  /** After an error that may repeat at once, such as a network that is down. */
  private static final long ERROR_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** A receiver that hands a datagram over is done at once; beyond this something is wrong. */
  private static final Duration CLOSE_TIME_MAX = Duration.ofSeconds(2);

  private final DatagramChannel channel;
  private volatile Optional<Thread> receiver = Optional.empty();

  /** Takes over a bound channel in blocking mode. */
  UdpTransport(DatagramChannel channel) throws IOException {
    this.channel = channel;
    channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
  }

  void start(Audience audience) {
    receiver = Optional.of(Thread.ofVirtual().name("ring-udp").start(() -> receive(audience)));
  }

  private void receive(Audience audience) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(DATAGRAM_BYTES_MAX);
    while (channel.isOpen()) {
      buffer.clear();
      try {
        if (channel.receive(buffer) instanceof InetSocketAddress source) {
          byte[] bytes = new byte[buffer.flip().remaining()];
          buffer.get(bytes);
          audience.datagram(
              new Endpoint(source.getAddress().getHostAddress(), source.getPort()), bytes);
        }
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LockSupport.parkNanos(ERROR_PAUSE_NANOS);
      }
    }
  }

  /** False if the operating system did not take it. */
  boolean send(Endpoint to, byte[] bytes) {
    try {
      channel.send(ByteBuffer.wrap(bytes), new InetSocketAddress(to.address(), to.port()));
      return true;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /**
   * Returns when the port is free again: a channel that is closed while somebody receives from it
   * gives its socket back only after the receiver has noticed.
   */
  @Override
  public void close() {
    try {
      channel.close();
      if (receiver.isPresent()) {
        receiver.get().join(CLOSE_TIME_MAX);
      }
    } catch (IOException e) {
      // Closing is all that could be done about it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
