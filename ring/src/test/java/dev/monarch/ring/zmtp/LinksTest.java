package dev.monarch.ring.zmtp;

import static dev.monarch.ring.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.wire.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinksTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private static final Duration SHORT = Duration.ofMillis(500);

  /** Longer than any busy machine takes. */
  private static final Duration LONG = Duration.ofMinutes(1);

  private static final Links.Patience PATIENT = new Links.Patience(LONG, LONG, LONG, LONG);

  private final List<String> lost = new CopyOnWriteArrayList<>();
  private final Set<Endpoint> barred = ConcurrentHashMap.newKeySet();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Heard heard = new Heard();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private Links links(Links.Patience patience) {
    Links links = new Links(patience, Optional.empty(), barred::contains, lost::add);
    open.add(links);
    return links;
  }

  private static Endpoint local(int port) {
    return new Endpoint("127.0.0.1", port);
  }

  private PullServer serve(int port) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET);
    channel.bind(new InetSocketAddress(LOOPBACK, port));
    PullServer server = PullServer.start(channel, Limits.standard(), address -> false, heard);
    open.add(server);
    return server;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
      return socket.getLocalPort();
    }
  }

  @Test
  @Check("butterfly-10")
  void everyMessageIsOneOfASinglePartForTheOriginalsLibrary() {
    try (LibZmq pull = LibZmq.pull()) {
      List<byte[]> messages = List.of(new byte[1], new byte[255], new byte[256], new byte[70_000]);
      Links links = links(PATIENT);
      assertThat(links.push("m", local(pull.port()), messages)).isEqualTo(Links.Result.DELIVERED);
      assertThat(links.push("m", local(pull.port()), List.of(new byte[2])))
          .isEqualTo(Links.Result.DELIVERED);
      for (int size : List.of(1, 255, 256, 70_000, 2)) {
        assertThat(pull.receive()).isEqualTo(size);
        assertThat(pull.hasMore()).isFalse();
      }
      assertThat(links.open()).isEqualTo(1);
    }
  }

  @Test
  void aClosedLinkLosesNothingThatWasPushed() throws IOException {
    int port = freePort();
    serve(port);
    Links links = links(PATIENT);
    for (int i = 0; i < 50; i++) {
      assertThat(links.push("m", local(port), List.of(new byte[1000], new byte[2000])))
          .isEqualTo(Links.Result.DELIVERED);
      links.close("m");
    }
    eventually(heard::sizes, sizes -> sizes.size() == 100);
    assertThat(lost).isEmpty();
  }

  @Test
  void aLinkThatBreaksIsToldAndTheNextPushOpensANewOne() throws IOException {
    int port = freePort();
    PullServer first = serve(port);
    Links links = links(PATIENT);
    assertThat(links.push("m", local(port), List.of(new byte[1])))
        .isEqualTo(Links.Result.DELIVERED);
    eventually(heard::sizes, List.of(1)::equals);
    first.close();
    eventually(() -> lost, List.of("m")::equals);
    assertThat(links.open()).isZero();
    serve(port);
    assertThat(links.push("m", local(port), List.of(new byte[2])))
        .isEqualTo(Links.Result.DELIVERED);
    eventually(heard::sizes, List.of(1, 2)::equals);
    assertThat(lost).containsExactly("m");
  }

  @Test
  void aMemberThatMovedGetsALinkToItsNewPlace() throws IOException {
    int oldPort = freePort();
    PullServer old = serve(oldPort);
    int newPort = freePort();
    serve(newPort);
    Links links = links(PATIENT);
    links.push("m", local(oldPort), List.of(new byte[1]));
    links.push("m", local(newPort), List.of(new byte[2]));
    eventually(() -> old.open(), count -> count == 0);
    eventually(heard::sizes, sizes -> sizes.size() == 2);
    assertThat(links.open()).isEqualTo(1);
  }

  @Test
  void nobodyThereIsToldAtOnce() throws IOException {
    assertThat(links(PATIENT).push("m", local(freePort()), List.of(new byte[1])))
        .isEqualTo(Links.Result.NO_CONNECTION);
    assertThat(links(PATIENT).push("m", local(0), List.of(new byte[1])))
        .isEqualTo(Links.Result.NO_CONNECTION);
    assertThat(lost).isEmpty();
  }

  @Test
  void whoAcceptsAndSaysNothingCostsTheTimeOfAHandshake() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, LOOPBACK)) {
      Links links = links(new Links.Patience(LONG, SHORT, LONG, LONG));
      assertThat(links.push("m", local(silent.getLocalPort()), List.of(new byte[1])))
          .isEqualTo(Links.Result.NO_CONNECTION);
    }
  }

  @Test
  void whoDoesNotReadCannotHoldAPushForEver() throws Exception {
    try (ServerSocket lazy = new ServerSocket(0, 5, LOOPBACK)) {
      Thread greeter =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      Socket socket = lazy.accept();
                      open.add(socket);
                      byte[] greeting = new byte[64];
                      socket.getInputStream().readNBytes(greeting, 0, 64);
                      socket.getOutputStream().write(greeting);
                      socket.getOutputStream().write(Frame.ready("PULL"));
                    } catch (IOException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      List<byte[]> flood = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        flood.add(new byte[1024 * 1024]);
      }
      Links links = links(new Links.Patience(LONG, LONG, SHORT, LONG));
      assertThat(links.push("m", local(lazy.getLocalPort()), flood)).isEqualTo(Links.Result.BROKEN);
      eventually(() -> lost, List.of("m")::equals);
      greeter.join();
    }
  }

  @Test
  void aBarredMemberIsNotConnectedToAndItsLinkBreaks() throws IOException {
    int port = freePort();
    PullServer server = serve(port);
    Links links = links(PATIENT);
    links.push("m", local(port), List.of(new byte[1]));
    barred.add(local(port));
    links.closeBarred();
    assertThat(lost).containsExactly("m");
    eventually(() -> server.open(), count -> count == 0);
    assertThat(links.push("m", local(port), List.of(new byte[1])))
        .isEqualTo(Links.Result.NO_CONNECTION);
  }

  @Test
  void aLinkNotUsedForLongIsClosedInSilence() throws IOException {
    int port = freePort();
    PullServer server = serve(port);
    Links links = links(new Links.Patience(LONG, LONG, LONG, Duration.ofMillis(1)));
    assertThat(links.push("m", local(port), List.of(new byte[1])))
        .isEqualTo(Links.Result.DELIVERED);
    eventually(() -> links.open(), count -> count == 0);
    eventually(() -> server.open(), count -> count == 0);
    eventually(heard::sizes, List.of(1)::equals);
    assertThat(lost).isEmpty();
  }

  /** A kernel with nothing to send looks after ten seconds whether the other end still is. */
  @Test
  void theKernelAsksForASilentLink() throws IOException {
    int port = freePort();
    serve(port);
    Links links = links(PATIENT);
    assertThat(links.push("m", local(port), List.of(new byte[1])))
        .isEqualTo(Links.Result.DELIVERED);
    eventually(heard::sizes, List.of(1)::equals);

    eventually(() -> timerOfConnectionTo(port), timer -> timer.startsWith("02:"));
    long ticks = Long.parseLong(timerOfConnectionTo(port).substring("02:".length()), 16);

    assertThat(ticks / 100.0).as("seconds until it asks").isBetween(0.0, 10.0);
  }

  /** Kind of timer and hundredths of a second left, as proc(5) has them for {@code net/tcp}. */
  private static String timerOfConnectionTo(int port) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/net/tcp"))) {
      return lines
          .map(line -> line.strip().split("\\s+"))
          .filter(fields -> fields[2].endsWith(":%04X".formatted(port)))
          .map(fields -> fields[5])
          .findFirst()
          .orElse("none");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
