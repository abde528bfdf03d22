package dev.monarch.ring;

import dev.monarch.wire.Endpoint;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.Locale;
import java.util.Optional;

/** Both planes' sockets, bound to one address and port (butterfly.md 1.1). IPv4 only (rule S6). */
record Sockets(DatagramChannel udp, ServerSocketChannel tcp, Endpoint listen) implements Closeable {
  /** Connections that wait to be accepted: a ring of hundreds that joins at once. */
  private static final int BACKLOG = 512;

  /** A port that the system gave for UDP may be taken for TCP; it is tried this often. */
  private static final int ANY_PORT_ATTEMPTS = 32;

  static Sockets bind(InetSocketAddress address) throws RingStartException {
    int attemptsLeft = address.getPort() == 0 ? ANY_PORT_ATTEMPTS : 1;
    while (true) {
      attemptsLeft--;
      try {
        return tryBind(address);
      } catch (RingStartException e) {
        if (attemptsLeft == 0 || !(e.getCause() instanceof BindException)) {
          throw e;
        }
      }
    }
  }

  private static Sockets tryBind(InetSocketAddress address) throws RingStartException {
    DatagramChannel udp = bindUdp(address);
    try {
      InetSocketAddress bound = (InetSocketAddress) udp.getLocalAddress();
      InetSocketAddress same = new InetSocketAddress(address.getAddress(), bound.getPort());
      return new Sockets(
          udp, bindTcp(same), new Endpoint(address.getAddress().getHostAddress(), same.getPort()));
    } catch (IOException e) {
      closeQuietly(udp);
      throw cannotListen(address, "udp", e);
    } catch (RingStartException e) {
      closeQuietly(udp);
      throw e;
    }
  }

  private static DatagramChannel bindUdp(InetSocketAddress address) throws RingStartException {
    try {
      DatagramChannel udp = DatagramChannel.open(StandardProtocolFamily.INET);
      try {
        udp.bind(address);
        return udp;
      } catch (IOException e) {
        closeQuietly(udp);
        throw e;
      }
    } catch (IOException e) {
      throw cannotListen(address, "udp", e);
    }
  }

  private static ServerSocketChannel bindTcp(InetSocketAddress address) throws RingStartException {
    try {
      ServerSocketChannel tcp = ServerSocketChannel.open(StandardProtocolFamily.INET);
      try {
        tcp.bind(address, BACKLOG);
        return tcp;
      } catch (IOException e) {
        closeQuietly(tcp);
        throw e;
      }
    } catch (IOException e) {
      throw cannotListen(address, "tcp", e);
    }
  }

  private static RingStartException cannotListen(
      InetSocketAddress address, String plane, IOException cause) {
    String reason =
        Optional.ofNullable(cause.getMessage()).orElse("no reason given").toLowerCase(Locale.ROOT);
    String remedy =
        reason.contains("in use")
            ? "stop the other process or choose another with --listen-gossip"
            : "choose an address of this machine with --listen-gossip";
    return new RingStartException(
        "cannot listen on "
            + address.getAddress().getHostAddress()
            + ":"
            + address.getPort()
            + " ("
            + plane
            + "): "
            + reason
            + "; "
            + remedy,
        cause);
  }

  private static void closeQuietly(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Closing is all that could be done about it.
    }
  }

  /** The local address for connections to others: the one it listens on, if it is a single one. */
  Optional<InetSocketAddress> source() {
    InetAddress address = InetAddress.ofLiteral(listen.address());
    return address.isAnyLocalAddress()
        ? Optional.empty()
        : Optional.of(new InetSocketAddress(address, 0));
  }

  @Override
  public void close() {
    closeQuietly(udp);
    closeQuietly(tcp);
  }
}
