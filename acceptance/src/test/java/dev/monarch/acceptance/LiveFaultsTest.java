package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.wire.Envelope;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Swim;
import dev.monarch.wire.SwimCodec;
import java.io.IOException;
import java.math.BigInteger;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bad input at a live Supervisor: it counts, it forgets, it stays in its ring. */
class LiveFaultsTest {
  /** Datagrams that fit into a socket's buffer together. */
  private static final int VOLLEY = 50;

  private static final long SEED = 20_260_102;
  private static final int PORT = 9638;
  private static final Duration JOINED_WITHIN = Duration.ofSeconds(90);

  /** What is thrown at a Supervisor that has other things to do. */
  private static final Duration TAKEN_WITHIN = Duration.ofSeconds(90);

  /** Longer than suspicion takes to come up if the flood had cost an answer. */
  private static final Duration CALM = Duration.ofSeconds(8);

  /** The heap it may use, and what a JVM needs beside it. */
  private static final long RESIDENT_BYTES_MAX = 450L << 20;

  @RegisterExtension final Stage stage = new Stage();

  private Supervisor victim;
  private Supervisor neighbour;
  private List<Supervisor> both;

  @BeforeEach
  void aRingOfTwo() {
    victim = stage.ours("victim").permanent().up();
    neighbour = stage.ours("neighbour").peer(victim).up();
    both = List.of(victim, neighbour);
    Rings.awaitAgreement(both, "Alive", JOINED_WITHIN);
  }

  @Test
  @Check("butterfly-4")
  void randomTruncatedAndOversizedDatagramsAreCountedAndTheMemberStays() throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] ping = datagram(new Swim.Ping(stranger(1), Optional.empty(), List.of()));
    try (DatagramSocket socket = new DatagramSocket()) {
      for (int i = 0; i < 3000; i++) {
        byte[] noise = new byte[random.nextInt(1400)];
        random.nextBytes(noise);
        send(socket, noise);
        if (i % VOLLEY == VOLLEY - 1) {
          awaitMoreFailuresThan(i / VOLLEY);
        }
      }
      for (int length = 0; length < ping.length; length++) {
        send(socket, Arrays.copyOf(ping, length));
      }
      for (int length : new int[] {1025, 1500, 9000, 65_000}) {
        send(socket, Arrays.copyOf(ping, length));
      }
      // The type says Ack, the payload is a Ping's: what takes an original out of its ring.
      byte[] mismatched = SwimCodec.encode(new Swim.Ping(stranger(2), Optional.empty(), List.of()));
      mismatched[1] = 2;
      send(socket, Envelope.wrap(mismatched, Optional.empty()));
    }
    assertThat(failures(victim)).as("counted").isGreaterThan(1000);
    Rings.assertKeepEachOther(both, CALM);
    assertUnharmed();
  }

  /** So that what comes is heard, and not what a busy machine's kernel has room for. */
  private void awaitMoreFailuresThan(int volleys) {
    Waiting.until(
        "volley " + volleys + " is counted",
        TAKEN_WITHIN,
        () -> {
          double counted = failures(victim);
          return new Waiting.Look(counted > volleys * (double) VOLLEY / 2, "" + counted);
        });
  }

  @Test
  void garbageHalfOpenAndSilentTcpClientsDoNotKeepARumorOut() throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    List<Socket> silent = new ArrayList<>();
    try {
      String crowd = stage.nextAddress();
      for (int i = 0; i < 300; i++) {
        Socket socket = connect(crowd);
        silent.add(socket);
        byte[] noise = new byte[random.nextInt(400)];
        random.nextBytes(noise);
        switch (i % 4) {
          case 0 -> say(socket, noise);
          case 1 -> say(socket, Arrays.copyOf(Pusher.greeting(), random.nextInt(64)));
          case 2 -> say(socket, Pusher.greeting());
          default -> {}
        }
      }
      try (Pusher huge = new Pusher(victim.address(), PORT)) {
        huge.pushHeadOfHugeFrame();
        try (Pusher pusher = new Pusher(victim.address(), PORT)) {
          pusher.push(new byte[0]);
          pusher.push(new byte[] {1, 2, 3});
          pusher.push(Stranger.message(Stranger.config("flood.default", 1, "x = 1")));
        }
      }
      awaitConfig(victim, "flood.default", 1);
      awaitConfig(neighbour, "flood.default", 1);
      Rings.assertKeepEachOther(both, CALM);
      assertUnharmed();
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void tenThousandBogusMembersAreBoundedAndTheRingHolds() throws IOException {
    String nobody = stage.nextAddress();
    try (Pusher pusher = new Pusher(victim.address(), PORT)) {
      for (int i = 0; i < 10_000; i++) {
        Member bogus = Member.of("%032x".formatted(0xb0905000L + i), 0, nobody, 1024 + i);
        pusher.push(
            Stranger.message(
                new Rumor.MemberRumor("stranger", new Membership(bogus, Health.ALIVE))));
      }
    }
    Waiting.until(
        "the victim has taken them in",
        TAKEN_WITHIN,
        () -> {
          int known = victim.gateway().members().size();
          return new Waiting.Look(known > 5000, known + " members");
        });
    Rings.assertKeepEachOther(both, Duration.ofSeconds(20));
    assertUnharmed();
    for (Supervisor each : both) {
      long resident = each.residentBytes();
      assertThat(resident).as("resident bytes of " + each).isLessThan(RESIDENT_BYTES_MAX);
    }
  }

  @Test
  @Check("butterfly-37")
  void itsForgedDeathAtTheGreatestIncarnationDoesNotRemoveIt() throws IOException {
    String id = victim.memberId();
    BigInteger before = victim.incarnation();
    Member self = Member.of(id, Member.INCARNATION_MAX, victim.address(), PORT);
    byte[] forged =
        SwimCodec.encode(
            new Swim.Ping(
                stranger(3), Optional.empty(), List.of(new Membership(self, Health.CONFIRMED))));
    try (DatagramSocket socket = new DatagramSocket()) {
      send(socket, Envelope.wrap(greatest(forged), Optional.empty()));
      send(socket, Envelope.wrap(forged, Optional.empty()));
    }
    Instant slandered = Instant.now();
    Stranger.push(neighbour, new Rumor.MemberRumor("x", new Membership(self, Health.SUSPECT)));
    Waiting.until(
        "the neighbour has heard of it",
        TAKEN_WITHIN,
        () ->
            new Waiting.Look(
                neighbour.ringLog().first(id, "suspect", slandered).isPresent(),
                neighbour.ringLog().since(id, slandered).toString()));
    Rings.awaitAgreement(both, "Alive", JOINED_WITHIN);
    BigInteger raised = victim.incarnation();
    assertThat(raised).as("its incarnation").isGreaterThanOrEqualTo(before);

    victim.kill();
    victim.up();
    Rings.awaitAgreement(both, "Alive", JOINED_WITHIN);
    assertThat(victim.incarnation()).isGreaterThanOrEqualTo(raised);
  }

  /** The same message with the incarnation that no record of ours can carry. */
  private static byte[] greatest(byte[] message) {
    byte[] bytes = message.clone();
    for (int i = 0; i + 9 < bytes.length; i++) {
      if (bytes[i] == (byte) 0xfe && bytes[i + 1] == (byte) 0xff && bytes[i + 9] == 1) {
        bytes[i] = (byte) 0xff;
        return bytes;
      }
    }
    throw new IllegalArgumentException("expected the second greatest incarnation in the message");
  }

  private static Member stranger(int number) {
    return Member.of("%032x".formatted(0xdead0000L + number), 0, "", 9);
  }

  private static byte[] datagram(Swim message) {
    return Envelope.wrap(SwimCodec.encode(message), Optional.empty());
  }

  private void send(DatagramSocket socket, byte[] bytes) throws IOException {
    try {
      socket.send(
          new DatagramPacket(bytes, bytes.length, InetAddress.getByName(victim.address()), PORT));
    } catch (SocketException e) {
      throw new IllegalStateException("cannot send " + bytes.length + " bytes", e);
    }
  }

  /** Connects from an address of its own: nobody else is to pay for what comes from there. */
  private Socket connect(String from) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(new InetSocketAddress(victim.address(), PORT), 60_000);
    return socket;
  }

  /** What is said to somebody who may hang up at any time. */
  private static void say(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException hungUp) {
      // Its right.
    }
  }

  private static void awaitConfig(Supervisor member, String group, long incarnation) {
    Rings.awaitIncarnation(
        member, "service_config", group, "service_config", incarnation, TAKEN_WITHIN);
  }

  private static double failures(Supervisor member) {
    return member
        .gateway()
        .metric("hab_butterfly_swim_messages_received_total", "mode=\"failure\"");
  }

  private void assertUnharmed() {
    for (Supervisor each : both) {
      assertThat(each.isRunning()).as(each.tail()).isTrue();
      assertThat(each.console()).doesNotContain("Exception");
    }
  }
}
