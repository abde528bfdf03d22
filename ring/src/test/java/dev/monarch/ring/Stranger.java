package dev.monarch.ring;

import static dev.monarch.ring.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.crypto.RingKey;
import dev.monarch.ring.zmtp.Limits;
import dev.monarch.ring.zmtp.Links;
import dev.monarch.ring.zmtp.PullServer;
import dev.monarch.wire.Decoded;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Envelope;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.RumorCodec;
import dev.monarch.wire.Swim;
import dev.monarch.wire.SwimCodec;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Somebody scripted at the other end of the wire, who notes all that a member says to it. */
final class Stranger implements AutoCloseable, PullServer.Audience {
  /** A datagram as it came. */
  record Datagram(Endpoint source, int bytes, Swim message) {}

  final List<Datagram> datagrams = new CopyOnWriteArrayList<>();
  final List<Rumor> rumors = new CopyOnWriteArrayList<>();
  private final Optional<RingKey> key;
  private final InetAddress address;
  private final DatagramSocket socket;
  private final Member self;
  private Optional<PullServer> pullServer = Optional.empty();
  private final Links links = new Links(Optional.empty(), endpoint -> false, id -> {});

  /** Speaks from one port; says that it listens on another if it differs. */
  Stranger(String id, String address, Optional<Integer> advertisedPort, Optional<RingKey> key)
      throws IOException {
    this.key = key;
    this.address = InetAddress.ofLiteral(address);
    this.socket = new DatagramSocket(new InetSocketAddress(this.address, 0));
    this.self = Member.of(id, 0, "", advertisedPort.orElse(socket.getLocalPort()));
    Thread.ofVirtual().start(this::listen);
  }

  Member self() {
    return self;
  }

  int port() {
    return socket.getLocalPort();
  }

  /** Opens its TCP end at the port it advertises. */
  void openTcp() throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET);
    channel.bind(new InetSocketAddress(address, self.gossipPort()));
    pullServer = Optional.of(PullServer.start(channel, Limits.standard(), barred -> false, this));
  }

  void closeTcp() throws IOException {
    if (pullServer.isPresent()) {
      pullServer.get().close();
    }
    pullServer = Optional.empty();
  }

  @Override
  public void message(byte[] bytes) {
    if (Envelope.unwrap(bytes, key) instanceof Decoded.Accepted<byte[]>(byte[] payload, int none)
        && RumorCodec.decode(payload) instanceof Decoded.Accepted<Rumor>(Rumor rumor, int drop)) {
      rumors.add(rumor);
    }
  }

  @Override
  public void oversized(long bytes) {}

  private void listen() {
    byte[] buffer = new byte[65_535];
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        hear(packet);
      } catch (SocketException e) {
        return;
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void hear(DatagramPacket packet) {
    byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
    Endpoint source = new Endpoint(packet.getAddress().getHostAddress(), packet.getPort());
    if (Envelope.unwrap(bytes, key) instanceof Decoded.Accepted<byte[]>(byte[] payload, int none)
        && SwimCodec.decode(payload) instanceof Decoded.Accepted<Swim>(Swim message, int drop)) {
      datagrams.add(new Datagram(source, bytes.length, message));
      if (message instanceof Swim.Ping ping) {
        send(source, new Swim.Ack(self, ping.forwardTo(), List.of()));
      }
    }
  }

  void ping(Endpoint to, Membership... membership) {
    send(to, new Swim.Ping(self, Optional.empty(), List.of(membership)));
  }

  void send(Endpoint to, Swim message) {
    sendBytes(to, Envelope.wrap(SwimCodec.encode(message), key));
  }

  void sendBytes(Endpoint to, byte[] bytes) {
    try {
      socket.send(
          new DatagramPacket(bytes, bytes.length, InetAddress.ofLiteral(to.address()), to.port()));
    } catch (IOException e) {
      // As good as lost; the test waits for an answer to some later one.
    }
  }

  /** Once, and not before somebody takes it: a busy machine may be late in answering. */
  void tell(Endpoint to, Rumor rumor) {
    List<byte[]> message = List.of(Envelope.wrap(RumorCodec.encode(rumor), key));
    Links.Result told =
        eventually(
            () -> links.push("member", to, message),
            result -> result != Links.Result.NO_CONNECTION);
    assertThat(told).isEqualTo(Links.Result.DELIVERED);
  }

  List<Swim.Ack> acks() {
    return datagrams.stream()
        .map(Datagram::message)
        .filter(Swim.Ack.class::isInstance)
        .map(Swim.Ack.class::cast)
        .toList();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    links.close();
    closeTcp();
  }
}
