package dev.monarch.supervisor.ctl;

import static dev.monarch.supervisor.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.checks.Check;
import dev.monarch.supervisor.StartException;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.ControlCodec;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlReply.ServiceProcess;
import dev.monarch.wire.control.ControlReply.ServiceStatus;
import dev.monarch.wire.control.ControlRequest;
import dev.monarch.wire.control.ControlRequest.SupRestart;
import dev.monarch.wire.control.ControlRequest.SvcLoad;
import dev.monarch.wire.control.ControlRequest.SvcSetCfg;
import dev.monarch.wire.control.ControlRequest.SvcStart;
import dev.monarch.wire.control.ControlRequest.SvcStatus;
import dev.monarch.wire.control.DesiredState;
import dev.monarch.wire.control.ErrorCode;
import dev.monarch.wire.control.Frame;
import dev.monarch.wire.control.Handshake;
import dev.monarch.wire.control.Ident;
import dev.monarch.wire.control.ProcessState;
import dev.monarch.wire.control.SpecChange;
import dev.monarch.wire.control.Transaction;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** control.md 1, 2, 5.1 and 7.11. */
class ControlGatewayTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final String SECRET = "AAECAwQFBgcICQoLDA0ODw==";
  private static final Ident WEB = new Ident("acme", "web");

  /** Long enough for a client that reads at all. */
  private static final Duration TAKING = Duration.ofSeconds(2);

  /** For what shall not take long: nobody who waits without end is that fast. */
  private static final Duration BUSY_MACHINE = Duration.ofSeconds(60);

  private static final Duration BRIEF = Duration.ofSeconds(1);

  private static final SvcStatus STATUS = new SvcStatus(Optional.empty());

  /** NetOk to the handshake, as every byte of it is. */
  private static final String WELCOME = "80500000c00000004e65744f6b";

  private static final String OK = "80500000c00000014e65744f6b";

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<ControlRequest> asked = new CopyOnWriteArrayList<>();
  private ControlCommands commands = (request, partial) -> new NetOk();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
  }

  private ControlGateway gateway(Duration greeting) throws StartException {
    ControlGateway gateway =
        ControlGateway.start(
            ANY_PORT,
            Optional.empty(),
            SECRET,
            new Patience(greeting, TAKING),
            (request, partial) -> {
              asked.add(request);
              return commands.handle(request, partial);
            });
    open.add(gateway);
    return gateway;
  }

  private ControlGateway gateway() throws StartException {
    return gateway(BUSY_MACHINE);
  }

  private RawClient client(ControlGateway gateway) throws IOException {
    RawClient client = new RawClient(gateway.address());
    open.add(client);
    return client;
  }

  private RawClient knownClient(ControlGateway gateway) throws IOException {
    RawClient client = client(gateway).greet(SECRET);
    assertThat(client.hear(WELCOME.length() / 2)).isEqualTo(WELCOME);
    return client;
  }

  @Test
  @Check("control-1")
  void theSecretOpensTheDoorForOneRequest() throws Exception {
    RawClient client = knownClient(gateway());
    assertThat(client.ask(STATUS).hearAll()).isEqualTo(OK);
    assertThat(asked).containsExactly(STATUS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AAECAwQFBgcICQoLDA0ODx==", "", "x", SECRET + "\n", SECRET + SECRET})
  @Check({"control-2", "control-3"})
  void anotherSecretIsRefused(String other) throws Exception {
    assertThat(client(gateway()).greet(other).ask(STATUS).hearAll())
        .isEqualTo(
            "80600017c00000004e65744572720804121373656372657420" + "6b6579206d69736d61746368");
    assertThat(asked).isEmpty();
  }

  @Test
  @Check("control-3")
  void aHandshakeWithoutASecretIsRefused() throws Exception {
    assertThat(client(gateway()).send("80900000 00000000 48616e647368616b65").hearAll())
        .startsWith("80600017c0000000");
  }

  @Test
  void anEmptySecretNeverLetsAnybodyIn() {
    assertThatThrownBy(() -> ControlGateway.start(ANY_PORT, "", commands))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("expected a secret for the control gateway, found an empty one");
  }

  @Test
  @Check("control-5")
  void aHandshakeWithoutATransactionIsNotAnswered() throws Exception {
    Frame handshake = ControlCodec.frame(Transaction.HANDSHAKE, new Handshake(SECRET));
    Frame bare = new Frame(Optional.empty(), handshake.messageId(), handshake.body());
    assertThat(client(gateway()).send(bare.encode()).hearAll()).isEmpty();
  }

  @Test
  @Check("control-6")
  void whoDoesNotGreetIsNotAnswered() throws Exception {
    assertThat(client(gateway()).ask(STATUS).hearAll()).isEmpty();
    assertThat(asked).isEmpty();
  }

  @Test
  @Check("control-12")
  void aNameThatIsNoTextIsNotAnswered() throws Exception {
    assertThat(client(gateway()).send("80200000 00000000 c328").hearAll()).isEmpty();
    assertThat(knownClient(gateway()).send("80200000 00000001 c328").hearAll()).isEmpty();
  }

  @Test
  void aStrangerGetsNoMemoryForALongFrame() throws Exception {
    assertThat(client(gateway()).send("809fffff 00000000 48616e64").hearAll()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "809000"})
  void whoIsSilentIsNotWaitedForForLong(String begun) throws Exception {
    long before = System.nanoTime();
    assertThat(client(gateway(BRIEF)).send(begun).hearAll()).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isBetween(BRIEF.minusMillis(10), BUSY_MACHINE);
  }

  @Test
  void singleBytesDoNotBuyTime() throws Exception {
    RawClient client = client(gateway(BRIEF));
    byte[] handshake =
        ControlCodec.frame(Transaction.HANDSHAKE, new Handshake("x".repeat(15_000))).encode();
    AtomicInteger sent = new AtomicInteger();
    assertThatThrownBy(
            () -> {
              for (byte one : handshake) {
                client.send(new byte[] {one});
                sent.incrementAndGet();
                Thread.sleep(5);
              }
            })
        .isInstanceOf(SocketException.class);
    assertThat(sent.get()).isLessThan(15_000);
  }

  @Test
  @Check({"control-7", "supervisor-85"})
  void aStrangerHasTenSeconds() throws Exception {
    ControlGateway gateway =
        ControlGateway.start(ANY_PORT, SECRET, (request, partial) -> new NetOk());
    open.add(gateway);
    long before = System.nanoTime();
    RawClient silent = client(gateway);
    RawClient begun = client(gateway).send("809000");
    assertThat(silent.hearAll()).isEmpty();
    assertThat(begun.hearAll()).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isBetween(Duration.ofMillis(9_900), BUSY_MACHINE);
  }

  @Test
  @Check("control-8")
  void aHandshakeMayComeByteByByte() throws Exception {
    RawClient client = client(gateway());
    for (byte one : ControlCodec.frame(Transaction.HANDSHAKE, new Handshake(SECRET)).encode()) {
      client.send(new byte[] {one});
    }
    assertThat(client.hear(WELCOME.length() / 2)).isEqualTo(WELCOME);
  }

  @Test
  @Check("control-9")
  void reservedBitsSayNothing() throws Exception {
    byte[] handshake = ControlCodec.frame(Transaction.HANDSHAKE, new Handshake(SECRET)).encode();
    handshake[0] |= 0x7C;
    assertThat(client(gateway()).send(handshake).hear(WELCOME.length() / 2)).isEqualTo(WELCOME);
  }

  @Test
  @Check("control-10")
  void aReplyBelongsToTheTransactionOfItsRequest() throws Exception {
    Transaction five = new Transaction(5, false, false);
    RawClient client =
        client(gateway()).send(ControlCodec.frame(five, new Handshake(SECRET)).encode());
    assertThat(client.hear(13)).isEqualTo("80500000c00000054e65744f6b");
    Transaction seven = new Transaction(7, false, false);
    assertThat(client.send(ControlCodec.frame(seven, STATUS).encode()).hearAll())
        .isEqualTo("80500000c00000074e65744f6b");
  }

  @Test
  @Check("control-11")
  void aRequestMayComeTogetherWithTheHandshake() throws Exception {
    assertThat(client(gateway()).send(together(STATUS)).hearAll()).isEqualTo(WELCOME + OK);
  }

  @Test
  @Check("control-39")
  void onlyOneRequestIsAnswered() throws Exception {
    RawClient client = client(gateway()).send(together(STATUS, new SvcStart(WEB)));
    assertThat(client.hearAll()).isEqualTo(WELCOME + OK);
    assertThat(asked).containsExactly(STATUS);
  }

  private static byte[] together(ControlRequest... requests) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(ControlCodec.frame(Transaction.HANDSHAKE, new Handshake(SECRET)).encode());
    for (ControlRequest request : requests) {
      bytes.writeBytes(ControlCodec.frame(Transaction.REQUEST, request).encode());
    }
    return bytes.toByteArray();
  }

  @Test
  void partialRepliesComeBeforeTheLastOne() throws Exception {
    commands =
        (request, partial) -> {
          partial.accept(ConsoleLine.of("one"));
          partial.accept(new ConsoleLine("two", Optional.of("Yellow"), true));
          return new NetOk();
        };
    RawClient client = knownClient(gateway()).ask(new SvcStart(WEB));
    List<Frame> frames = new ArrayList<>();
    for (Optional<Frame> next = client.hearFrame(); next.isPresent(); next = client.hearFrame()) {
      frames.add(next.get());
    }
    assertThat(frames)
        .extracting(Frame::messageId)
        .containsExactly("ConsoleLine", "ConsoleLine", "NetOk");
    assertThat(frames)
        .extracting(frame -> frame.transaction().orElseThrow())
        .containsExactly(
            new Transaction(1, true, false),
            new Transaction(1, true, false),
            new Transaction(1, true, true));
  }

  @Test
  void theLastOfManyServicesEndsTheirList() throws Exception {
    ServiceStatus one = status("web");
    ServiceStatus other = status("db");
    commands =
        (request, partial) -> {
          partial.accept(one);
          return other;
        };
    RawClient client = knownClient(gateway()).ask(STATUS);
    assertThat(client.hear(8)).isEqualTo("80d0003c80000001");
    client.hear(13 + 0x3c);
    assertThat(client.hear(8)).isEqualTo("80d0003a" + "c0000001");
    assertThat(client.hear(13 + 0x3a)).isNotEmpty();
    assertThat(client.hearAll()).isEmpty();
  }

  private static ServiceStatus status(String name) {
    return new ServiceStatus(
        new Ident("acme", name, Optional.of("1.2.3"), Optional.of("20260102030405")),
        new ServiceProcess(OptionalLong.of(5), OptionalInt.empty(), ProcessState.UP),
        new ServiceGroup(name + ".default"),
        Optional.of(DesiredState.UP));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SvcLoad", "SvcStop", "SvcStart", "SvcUnload", "SvcUpdate", "SvcGetDefaultCfg"})
  @Check("control-23")
  void aRequestThatDoesNotSayWhichServiceIsOutOfDate(String name) throws Exception {
    assertThat(answer(new Frame(Optional.of(Transaction.REQUEST), name, Bytes.EMPTY)))
        .containsExactly(new NetErr(ErrorCode.UPDATE_CLIENT, "client out of date"));
    assertThat(asked).isEmpty();
  }

  @Test
  @Check("control-38")
  void anUnknownRequestIsRefused() throws Exception {
    assertThat(answer(new Frame(Optional.of(Transaction.REQUEST), "Foo", Bytes.EMPTY)))
        .containsExactly(
            new NetErr(
                ErrorCode.UPDATE_CLIENT,
                "expected a request, found \"Foo\"; use a command of the same version as the"
                    + " Supervisor"));
  }

  @Test
  void whatCutsTheConnectionOffHappensBehindTheAnswer() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    var restarting =
        new ControlCommands() {
          @Override
          public ControlReply.Last handle(ControlRequest request, Client client) {
            return new NetOk();
          }

          @Override
          public void answered(ControlRequest request, ControlReply.Last reply) {
            answered.countDown();
          }
        };
    ControlGateway gateway = ControlGateway.start(ANY_PORT, SECRET, restarting);
    open.add(gateway);
    RawClient client = knownClient(gateway).ask(new SupRestart());
    assertThat(client.hear(13)).isEqualTo(OK);
    answered.await();
  }

  @Test
  void aRequestThatCannotBeReadIsRefused() throws Exception {
    Frame broken =
        new Frame(Optional.of(Transaction.REQUEST), "SvcStop", Bytes.of(new byte[] {0x0A}));
    assertThat(answer(broken))
        .singleElement()
        .extracting(reply -> ((NetErr) reply).code())
        .isEqualTo(ErrorCode.BAD_PAYLOAD);
  }

  private List<ControlReply> answer(Frame request) throws IOException, StartException {
    return knownClient(gateway()).send(request.encode()).hearReplies();
  }

  @Test
  void aRequestWithoutATransactionIsNotCarriedOut() throws Exception {
    Frame start = ControlCodec.frame(Transaction.REQUEST, new SvcStart(WEB));
    Frame bare = new Frame(Optional.empty(), start.messageId(), start.body());
    assertThat(knownClient(gateway()).send(bare.encode()).hearAll()).isEmpty();
    assertThat(asked).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void damagedFramesHarmNobodyButTheirSender(long seed) throws Exception {
    var random = new SplittableRandom(seed);
    byte[] handshake = ControlCodec.frame(Transaction.HANDSHAKE, new Handshake(SECRET)).encode();
    byte[] request =
        ControlCodec.frame(
                Transaction.REQUEST,
                new SvcSetCfg(new ServiceGroup("web.default"), Bytes.utf8("port = 1"), 7, false))
            .encode();
    ControlGateway gateway = gateway();
    for (int i = 0; i < 200; i++) {
      boolean stranger = random.nextInt(3) == 0;
      RawClient client = stranger ? client(gateway) : knownClient(gateway);
      client.send(damaged(random, stranger ? handshake : request)).fallSilent();
      // Whatever it is answered, the conversation ends.
      client.hearAll();
      client.close();
    }
    assertThat(knownClient(gateway).ask(STATUS).hearAll()).isEqualTo(OK);
  }

  private static byte[] damaged(SplittableRandom random, byte[] frame) {
    byte[] bytes = Arrays.copyOf(frame, random.nextInt(frame.length + 8));
    for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  @Test
  void aCommandThatFailsIsAnInternalError() throws Exception {
    commands =
        (request, partial) -> {
          throw new IllegalStateException("the disk is full");
        };
    assertThat(knownClient(gateway()).ask(STATUS).hearReplies())
        .containsExactly(new NetErr(ErrorCode.INTERNAL, "the disk is full"));
  }

  @Test
  void requestsAreCountedByName() throws Exception {
    ControlGateway gateway = gateway();
    for (int i = 0; i < 3; i++) {
      assertThat(knownClient(gateway).ask(STATUS).hearAll()).isEqualTo(OK);
    }
    knownClient(gateway)
        .send(new Frame(Optional.of(Transaction.REQUEST), "Foo", Bytes.EMPTY).encode())
        .hearAll();
    CounterSnapshot calls = (CounterSnapshot) gateway.metrics().getFirst();
    assertThat(calls.getMetadata().getName()).isEqualTo("hab_sup_rpc_call");
    assertThat(calls.getDataPoints())
        .singleElement()
        .satisfies(
            point -> {
              assertThat(point.getLabels().get("name")).isEqualTo("SvcStatus");
              assertThat(point.getValue()).isEqualTo(3);
            });
  }

  @Test
  @Check("control-40")
  void aSlowCommandDelaysNoOther() throws Exception {
    CountDownLatch downloaded = new CountDownLatch(1);
    commands =
        (request, partial) -> {
          if (request instanceof SvcLoad) {
            downloaded.await();
          }
          return new NetOk();
        };
    ControlGateway gateway = gateway();
    RawClient slow =
        knownClient(gateway).ask(new SvcLoad(WEB, SpecChange.NONE, Optional.empty(), false));
    eventually(asked::size, size -> size == 1);
    List<RawClient> others = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      others.add(client(gateway).greet(SECRET).ask(STATUS));
    }
    for (RawClient other : others) {
      assertThat(other.hearAll()).isEqualTo(WELCOME + OK);
    }
    // All that while the slow one was being carried out.
    downloaded.countDown();
    assertThat(slow.hearAll()).isEqualTo(OK);
  }

  @Test
  void whoKnowsTheSecretGetsInWhileStrangersKnock() throws Exception {
    ControlGateway gateway = gateway();
    RawClient first = client(gateway);
    for (int i = 1; i < ControlGateway.CONNECTIONS_MAX; i++) {
      client(gateway);
    }
    assertThat(knownClient(gateway).ask(STATUS).hearAll()).isEqualTo(OK);
    assertThat(first.hearAll()).isEmpty();
  }

  @Test
  void aClientThatGoesAwayDoesNotStopItsCommand() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    AtomicInteger said = new AtomicInteger();
    commands =
        (request, partial) -> {
          gone.await();
          for (int i = 0; i < 100; i++) {
            partial.accept(ConsoleLine.of("still here"));
            said.incrementAndGet();
          }
          return new NetOk();
        };
    RawClient client = knownClient(gateway()).ask(new SvcStart(WEB));
    eventually(asked::size, size -> size == 1);
    client.close();
    gone.countDown();
    eventually(said::get, count -> count == 100);
  }

  /** A command that waits for its client's sake alone. */
  private void waitForTheClientsSake(CountDownLatch otherEnd) {
    commands =
        (request, client) -> {
          var over = new CountDownLatch(1);
          client.whenGone(over::countDown);
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      otherEnd.await();
                      over.countDown();
                    } catch (InterruptedException nobodyDoes) {
                      Thread.currentThread().interrupt();
                    }
                  });
          over.await();
          return new NetOk();
        };
  }

  @Test
  void whoLeavesWhileACommandWaitsForItsSakeGivesItsPlaceFree() throws Exception {
    waitForTheClientsSake(new CountDownLatch(1));
    ControlGateway gateway = gateway();
    List<RawClient> waiting = new ArrayList<>();
    for (int i = 0; i < ControlGateway.CONNECTIONS_MAX; i++) {
      waiting.add(knownClient(gateway).ask(STATUS));
    }
    eventually(asked::size, size -> size == ControlGateway.CONNECTIONS_MAX);
    assertThatThrownBy(() -> knownClient(gateway)).as("all places are taken").isNotNull();

    for (RawClient client : waiting) {
      client.close();
    }
    eventually(() -> served(gateway), count -> count == ControlGateway.CONNECTIONS_MAX);
    commands = (request, client) -> new NetOk();
    assertThat(knownClient(gateway).ask(STATUS).hearAll()).isEqualTo(OK);
  }

  private static int served(ControlGateway gateway) {
    return ((CounterSnapshot) gateway.metrics().getFirst())
        .getDataPoints().stream().mapToInt(point -> (int) point.getValue()).sum();
  }

  @Test
  void whatComesBehindTheRequestIsNotTheEndOfWhoWaits() throws Exception {
    var told = new CountDownLatch(1);
    waitForTheClientsSake(told);
    RawClient client = knownClient(gateway()).ask(STATUS).ask(STATUS);
    eventually(asked::size, size -> size == 1);
    told.countDown();
    assertThat(client.hearAll()).isEqualTo(OK);
  }

  @Test
  void whoClosesItsSideIsTakenForGoneAndHearsTheAnswer() throws Exception {
    waitForTheClientsSake(new CountDownLatch(1));
    assertThat(knownClient(gateway()).ask(STATUS).fallSilent().hearAll()).isEqualTo(OK);
  }

  @Test
  void aClientThatDoesNotReadIsCutOffAndItsCommandGoesOn() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    ConsoleLine line = ConsoleLine.of("x".repeat(500_000));
    commands =
        (request, partial) -> {
          for (int i = 0; i < 100; i++) {
            partial.accept(line);
          }
          done.countDown();
          return new NetOk();
        };
    ControlGateway gateway = gateway();
    RawClient deaf = knownClient(gateway).ask(new SvcStart(WEB));
    long before = System.nanoTime();
    done.await();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(BUSY_MACHINE);
    assertThatThrownBy(
            () -> {
              while (deaf.hearFrame().isPresent()) {
                // Up to where it was cut off.
              }
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void aCommandInFlightHearsThatTheSupervisorIsShuttingDown() throws Exception {
    commands =
        (request, partial) -> {
          new CountDownLatch(1).await();
          return new NetOk();
        };
    ControlGateway gateway = gateway();
    RawClient asking = knownClient(gateway).ask(STATUS);
    RawClient stranger = client(gateway);
    eventually(asked::size, size -> size == 1);
    Thread closing = Thread.ofVirtual().start(gateway::close);
    assertThat(asking.hearReplies())
        .containsExactly(new NetErr(ErrorCode.INTERNAL, "the Supervisor is shutting down"));
    closing.join();
    assertThat(stranger.hearAll()).isEmpty();
  }

  @Test
  void anAddressInUseIsToldWithARemedy() throws Exception {
    ControlGateway first = gateway();
    assertThatThrownBy(() -> ControlGateway.start(first.address(), SECRET, commands))
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith(
            "expected to bind the control gateway to 127.0.0.1:" + first.address().getPort())
        .hasMessageEndingWith("free the port, or choose another one with --listen-ctl");
  }
}
