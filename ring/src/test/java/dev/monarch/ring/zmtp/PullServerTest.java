package dev.monarch.ring.zmtp;

import static dev.monarch.ring.Eventually.eventually;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PullServerTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  /** Longer than any busy machine takes to say a few words. */
  private static final Duration LONG = Duration.ofMinutes(2);

  private static final Limits PATIENT = limits(1024, 256, LONG, LONG, LONG);

  private static Limits limits(
      int connectionsMax, int perAddressMax, Duration handshake, Duration frame, Duration spare) {
    return new Limits(100_000, connectionsMax, perAddressMax, handshake, frame, LONG, spare);
  }

  @SuppressWarnings("NullAway.Init") // set by serve
  private PullServer server;

  private final Heard heard = new Heard();
  private final Set<InetAddress> barred = ConcurrentHashMap.newKeySet();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private int serve(Limits limits) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET);
    channel.bind(new InetSocketAddress(LOOPBACK, 0));
    server = PullServer.start(channel, limits, barred::contains, heard);
    open.add(server);
    return ((InetSocketAddress) channel.getLocalAddress()).getPort();
  }

  private Socket connect(int port) throws IOException {
    Socket socket = new Socket(LOOPBACK, port);
    open.add(socket);
    return socket;
  }

  /** What a libzmq sender of version 4.3 sends, in one go. */
  private static byte[] senderBytes(int minorVersion, byte[]... messages) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] greeting = new byte[64];
    greeting[0] = (byte) 0xff;
    greeting[8] = 1;
    greeting[9] = 0x7f;
    greeting[10] = 3;
    greeting[11] = (byte) minorVersion;
    System.arraycopy("NULL".getBytes(US_ASCII), 0, greeting, 12, 4);
    out.writeBytes(greeting);
    out.writeBytes(new byte[] {4, 26, 5});
    out.writeBytes("READY".getBytes(US_ASCII));
    out.write(11);
    out.writeBytes("Socket-Type".getBytes(US_ASCII));
    out.writeBytes(new byte[] {0, 0, 0, 4});
    out.writeBytes("PUSH".getBytes(US_ASCII));
    for (byte[] message : messages) {
      out.writeBytes(new byte[] {0, (byte) message.length});
      out.writeBytes(message);
    }
    return out.toByteArray();
  }

  private void assertStillServing(int port) throws IOException {
    int before = heard.messages.size();
    try (Socket good = new Socket(LOOPBACK, port)) {
      good.getOutputStream().write(senderBytes(0, new byte[7]));
      eventually(heard::sizes, sizes -> sizes.size() > before);
    }
  }

  @Test
  @Check("butterfly-9")
  void sendersOfBothVersionsAreHeardEvenIfTheyCloseAtOnce() throws IOException {
    int port = serve(PATIENT);
    for (int minor : List.of(0, 1)) {
      Socket socket = connect(port);
      socket.getOutputStream().write(senderBytes(minor, "a".getBytes(US_ASCII)));
      socket.close();
    }
    eventually(heard::sizes, List.of(1, 1)::equals);
  }

  @Test
  @Check("butterfly-9")
  void aSenderOfTheOriginalsLibraryIsHeardEvenIfItClosesAtOnce() throws IOException {
    try (LibZmq push = LibZmq.push(serve(PATIENT))) {
      push.send(new byte[64 * 1024]);
      push.send(new byte[70_000]);
    }
    eventually(heard::sizes, List.of(64 * 1024, 70_000)::equals);
  }

  @Test
  @Check("butterfly-11")
  void thePartsOfAMessageAreMessages() throws IOException {
    try (LibZmq push = LibZmq.push(serve(PATIENT))) {
      push.sendMore(new byte[3]);
      push.send(new byte[4]);
    }
    eventually(heard::sizes, List.of(3, 4)::equals);
  }

  @Test
  void manyMessagesArriveInOrder() throws IOException {
    List<Integer> sent = new ArrayList<>();
    try (LibZmq push = LibZmq.push(serve(PATIENT))) {
      for (int size = 1; size <= 600; size++) {
        push.send(new byte[size]);
        sent.add(size);
      }
    }
    eventually(heard::sizes, sent::equals);
  }

  @Test
  void aPingIsAnsweredAndOtherCommandsAreIgnored() throws IOException {
    int port = serve(PATIENT);
    Socket socket = connect(port);
    socket.getOutputStream().write(senderBytes(1));
    socket.getOutputStream().write(new byte[] {4, 3, 1, 'X', 9});
    socket.getOutputStream().write(new byte[] {4, 9, 4, 'P', 'I', 'N', 'G', 0, 10, 'c', 't'});
    int handshake = 64 + 28;
    byte[] answer = socket.getInputStream().readNBytes(handshake + 9);
    assertThat(new String(answer, handshake, 9, US_ASCII)).isEqualTo("\4\7\4PONGct");
    socket.getOutputStream().write(new byte[] {0, 1, 5});
    eventually(heard::sizes, List.of(1)::equals);
  }

  @Test
  void whoIsSilentIsClosedAfterTheTimeOfAHandshake() throws IOException {
    int port = serve(limits(20, 20, Duration.ofSeconds(2), LONG, LONG));
    List<Socket> silent = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      silent.add(connect(port));
    }
    Socket halfGreeting = connect(port);
    halfGreeting.getOutputStream().write(senderBytes(0), 0, 30);
    assertStillServing(port);
    for (Socket socket : silent) {
      socket.setSoTimeout(60_000);
      assertThat(socket.getInputStream().readAllBytes()).hasSize(64);
    }
    eventually(() -> server.open(), count -> count == 0);
  }

  @Test
  void aFrameThatIsCutOffIsNotWaitedForLong() throws IOException {
    int port = serve(limits(20, 20, LONG, Duration.ofMillis(300), LONG));
    Socket socket = connect(port);
    socket.setSoTimeout(60_000);
    socket.getOutputStream().write(senderBytes(0));
    socket.getOutputStream().write(new byte[] {0, 100, 1, 2, 3});
    assertThat(socket.getInputStream().readAllBytes()).hasSize(64 + 28);
    eventually(() -> server.open(), count -> count == 0);
    assertThat(heard.messages).isEmpty();
  }

  @Test
  void anOversizedFrameIsRefusedBeforeItsBodyArrives() throws IOException {
    int port = serve(PATIENT);
    for (byte[] head :
        List.of(
            new byte[] {2, 0, 0, 0, 0, 0, 17, 0, 0},
            new byte[] {2, 127, -1, -1, -1, -1, -1, -1, -1},
            new byte[] {2, -1, -1, -1, -1, -1, -1, -1, -1})) {
      Socket socket = connect(port);
      socket.getOutputStream().write(senderBytes(0));
      socket.getOutputStream().write(head);
    }
    eventually(heard.oversized::get, count -> count == 3);
    assertStillServing(port);
  }

  @Test
  void randomBytesHarmNobody() throws IOException {
    int port = serve(PATIENT);
    Random random = new Random(20261123);
    for (int i = 0; i < 200; i++) {
      try (Socket socket = new Socket(LOOPBACK, port)) {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
          socket.getOutputStream().write(senderBytes(0));
        }
        socket.getOutputStream().write(bytes);
      } catch (IOException e) {
        // Being closed while writing is one of the right answers.
      }
    }
    assertStillServing(port);
    eventually(() -> server.open(), count -> count == 0);
  }

  @Test
  void aWrongSocketTypeAndAWrongMechanismAreRefused() throws IOException {
    int port = serve(PATIENT);
    byte[] publisher = senderBytes(0, new byte[1]);
    System.arraycopy("PAIR".getBytes(US_ASCII), 0, publisher, 64 + 24, 4);
    byte[] curve = senderBytes(0, new byte[1]);
    System.arraycopy("CURVE".getBytes(US_ASCII), 0, curve, 12, 5);
    byte[] old = senderBytes(0, new byte[1]);
    old[10] = 1;
    for (byte[] bytes : List.of(publisher, curve, old)) {
      connect(port).getOutputStream().write(bytes);
    }
    eventually(() -> server.protocolFailures(), count -> count == 3);
    assertThat(heard.messages).isEmpty();
  }

  @Test
  void oneAddressGetsSoManyConnectionsAndNoMore() throws IOException {
    int port = serve(limits(20, 12, LONG, LONG, LONG));
    List<Socket> all = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      Socket socket = connect(port);
      socket.getOutputStream().write(senderBytes(0));
      all.add(socket);
    }
    eventually(() -> server.refused(), count -> count == 3);
    assertThat(server.open()).isEqualTo(12);
    all.getFirst().close();
    eventually(() -> server.open(), count -> count == 11);
    assertStillServing(port);
  }

  @Test
  void fiveHundredConnectionsAtOnceAreServed() throws IOException {
    int port = serve(limits(500, 500, LONG, LONG, LONG));
    List<Socket> all = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Socket socket = connect(port);
      socket.getOutputStream().write(senderBytes(0, new byte[9]));
      all.add(socket);
    }
    eventually(heard::sizes, sizes -> sizes.size() == 500);
    Socket oneTooMany = connect(port);
    assertThat(oneTooMany.getInputStream().read()).isEqualTo(-1);
    all.get(77).getOutputStream().write(new byte[] {0, 1, 1});
    eventually(heard::sizes, sizes -> sizes.size() == 501);
  }

  @Test
  void aFullServerSendsTheMostSilentAway() throws IOException {
    int port = serve(limits(3, 3, LONG, LONG, Duration.ZERO));
    List<Socket> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Socket socket = connect(port);
      socket.getOutputStream().write(senderBytes(0, new byte[9]));
      all.add(socket);
      int count = i + 1;
      eventually(heard::sizes, sizes -> sizes.size() == count);
    }
    Socket newcomer = new Socket();
    open.add(newcomer);
    newcomer.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 0));
    newcomer.connect(new InetSocketAddress(LOOPBACK, port));
    newcomer.getOutputStream().write(senderBytes(0, new byte[8]));
    eventually(heard::sizes, sizes -> sizes.size() == 4);
    all.getFirst().setSoTimeout(60_000);
    assertThat(all.getFirst().getInputStream().readAllBytes()).hasSize(64 + 28);
  }

  @Test
  void aGuestThatIsSilentForTooLongIsSentAway() throws IOException {
    int port = serve(new Limits(100_000, 3, 3, LONG, LONG, Duration.ofMillis(200), Duration.ZERO));
    Socket silent = connect(port);
    silent.setSoTimeout(60_000);
    assertThat(silent.getInputStream().readAllBytes()).hasSizeLessThanOrEqualTo(64);
    eventually(() -> server.open(), count -> count == 0);
  }

  @Test
  void framesThatComeTogetherOrInPiecesAreHeardAlike() throws IOException {
    int port = serve(PATIENT);
    byte[] all = senderBytes(0, new byte[100], new byte[] {1}, new byte[0], new byte[120]);
    OutputStream together = connect(port).getOutputStream();
    together.write(all);
    eventually(heard::sizes, List.of(100, 1, 0, 120)::equals);
    OutputStream pieces = connect(port).getOutputStream();
    for (byte one : all) {
      pieces.write(one);
    }
    eventually(heard::sizes, List.of(100, 1, 0, 120, 100, 1, 0, 120)::equals);
  }

  @Test
  void barredAddressesAreRefusedAndTheirConnectionsClosed() throws IOException {
    int port = serve(PATIENT);
    Socket socket = connect(port);
    socket.getOutputStream().write(senderBytes(0, new byte[1]));
    eventually(heard::sizes, List.of(1)::equals);
    barred.add(LOOPBACK);
    server.closeBarred();
    eventually(() -> server.open(), count -> count == 0);
    assertThat(connect(port).getInputStream().read()).isEqualTo(-1);
    assertThat(server.refused()).isEqualTo(1);
  }
}
