package dev.monarch.ring;

import static dev.monarch.ring.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.Butterfly;
import dev.monarch.checks.Check;
import dev.monarch.crypto.RingKey;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Envelope;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rejection;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.RumorKind;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.Swim;
import dev.monarch.wire.SwimCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A living member seen from outside, through its two ports. */
class RingOnTheWireTest {
  private static final String ID = "5".repeat(32);

  /** For a machine that is busy with ten thousand members three times. */
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir private Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private RingConfig config(String address) {
    return RingConfig.in(directory.resolve(address))
        .withListen(new InetSocketAddress(InetAddress.ofLiteral(address), 0))
        .withSettings(RingTest.FAST);
  }

  private Ring ring(String address, Optional<RingKey> key) throws RingStartException {
    RingConfig config = config(address);
    return start(key.isPresent() ? config.withKey(key.get()) : config);
  }

  private Ring start(RingConfig config) throws RingStartException {
    Ring ring = Ring.start(config);
    open.add(ring);
    return ring;
  }

  private Stranger stranger(String id, String address, Optional<RingKey> key) throws IOException {
    Stranger stranger = new Stranger(id, address, Optional.empty(), key);
    open.add(stranger);
    return stranger;
  }

  private static RingKey key() {
    return RingKey.generate("test", Instant.now(), new SecureRandom());
  }

  private static String numbered(int number) {
    return String.format(Locale.ROOT, "%032x", number);
  }

  private static ServiceConfigRumor config(String group, int bytes) {
    return new ServiceConfigRumor(
        Butterfly.OPERATOR, new ServiceGroup(group), 1, false, Bytes.of(new byte[bytes]));
  }

  private static void assertAnswers(Stranger stranger, Ring ring) {
    int before = stranger.acks().size();
    eventually(
        () -> {
          stranger.ping(ring.listen());
          return stranger.acks().size();
        },
        count -> count > before);
  }

  @Test
  @Check({"butterfly-1", "butterfly-2"})
  void aPingIsAnsweredToWhereItCameFromAndFromWhereTheMemberListens() throws Exception {
    Ring ring = ring("127.0.20.1", Optional.empty());
    try (Stranger listensElsewhere =
        new Stranger(ID, "127.0.20.2", Optional.of(9), Optional.empty())) {
      listensElsewhere.ping(ring.listen());
      eventually(listensElsewhere::acks, acks -> !acks.isEmpty());
      assertThat(listensElsewhere.self().swimPort()).isNotEqualTo(listensElsewhere.port());
      assertThat(listensElsewhere.datagrams)
          .allMatch(datagram -> datagram.source().equals(ring.listen()));
    }
    Stranger other = stranger(numbered(1), "127.0.20.3", Optional.empty());
    other.ping(ring.listen());
    eventually(
        () -> other.datagrams,
        all -> all.stream().anyMatch(one -> one.message() instanceof Swim.Ping));
    assertThat(other.datagrams)
        .allMatch(datagram -> datagram.source().equals(ring.listen()))
        .allMatch(datagram -> datagram.message().from().swimPort() == ring.listen().port());
  }

  @Test
  @Check("butterfly-3")
  void aDatagramOf1024BytesIsHeardAndNoneIsEverLonger() throws Exception {
    Optional<RingKey> key = Optional.of(key());
    Ring ring = ring("127.0.21.1", key);
    Stranger stranger = stranger(ID, "127.0.21.2", key);
    for (int i = 0; i < 200; i += 10) {
      List<Membership> ten = new ArrayList<>();
      for (int j = i; j < i + 10; j++) {
        Member member =
            new Member(
                numbered(j + 1), -2L, "127.121.111." + (j + 1), 65535, 65535, true, false, false);
        ten.add(new Membership(member, Health.ALIVE));
      }
      stranger.ping(ring.listen(), ten.toArray(Membership[]::new));
    }
    eventually(() -> ring.view().state().members().size(), size -> size > 200);
    Member origin = Member.of("6".repeat(32), -2L, "127.121.112.113", 65535);
    for (int i = 0; i < 50; i++) {
      stranger.send(ring.listen(), new Swim.Ping(stranger.self(), Optional.of(origin), List.of()));
    }
    eventually(stranger::acks, acks -> acks.size() >= 60);
    assertThat(stranger.datagrams).allMatch(datagram -> datagram.bytes() <= 1024);
    assertThat(stranger.datagrams).anyMatch(datagram -> datagram.bytes() > 900);

    int missing = 1024 - Envelope.sizeBytes(SwimCodec.sizeBytes(pingFrom("x")), true);
    Swim full = pingFrom("x".repeat(missing + 1));
    while (Envelope.sizeBytes(SwimCodec.sizeBytes(full), true) > 1024) {
      full = pingFrom(full.from().id().substring(1));
    }
    byte[] bytes = Envelope.wrap(SwimCodec.encode(full), key);
    assertThat(bytes).hasSize(1024);
    String id = full.from().id();
    stranger.sendBytes(ring.listen(), bytes);
    eventually(
        () -> ring.view().state().members(),
        members -> members.stream().anyMatch(one -> one.member().id().equals(id)));
  }

  private static Swim pingFrom(String id) {
    return new Swim.Ping(Member.of(id, 1, "", 9638), Optional.empty(), List.of());
  }

  @Test
  @Check("butterfly-4")
  void nonsenseIsCountedAndTheMemberGoesOn() throws Exception {
    Ring ring = ring("127.0.22.1", Optional.empty());
    Stranger stranger = stranger(ID, "127.0.22.2", Optional.empty());
    stranger.sendBytes(ring.listen(), new byte[0]);
    stranger.sendBytes(ring.listen(), new byte[] {8, 1});
    Random random = new Random(4);
    for (int i = 0; i < 300; i++) {
      byte[] bytes = new byte[random.nextInt(2000)];
      random.nextBytes(bytes);
      stranger.sendBytes(ring.listen(), bytes);
      if (i % 20 == 19) {
        // What is not read yet must fit into the socket's buffer.
        assertAnswers(stranger, ring);
      }
    }
    RingMetrics.SwimTraffic swim = ring.metrics().swim();
    assertThat(swim.rejected().values().stream().mapToLong(RingMetrics.Traffic::messages).sum())
        .isEqualTo(302);
    assertThat(ring.metrics().faults().machine()).isZero();
  }

  @Test
  @Check("butterfly-5")
  void theEncryptedFlagIsIgnored() throws Exception {
    Optional<RingKey> key = Optional.of(key());
    Ring keyed = ring("127.0.23.1", key);
    Stranger insider = stranger(ID, "127.0.23.2", key);
    byte[] sealed = Envelope.wrap(SwimCodec.encode(pingFrom(ID)), key);
    assertThat(sealed).startsWith(8, 1);
    insider.sendBytes(keyed.listen(), Arrays.copyOfRange(sealed, 2, sealed.length));
    eventually(insider::acks, acks -> acks.size() == 1);

    Ring keyless = ring("127.0.23.3", Optional.empty());
    Stranger outsider = stranger(ID, "127.0.23.4", Optional.empty());
    byte[] clear = Envelope.wrap(SwimCodec.encode(pingFrom(ID)), Optional.empty());
    byte[] flagged = new byte[clear.length + 2];
    flagged[0] = 8;
    flagged[1] = 1;
    System.arraycopy(clear, 0, flagged, 2, clear.length);
    outsider.sendBytes(keyless.listen(), flagged);
    eventually(outsider::acks, acks -> acks.size() == 1);
  }

  @Test
  @Check("butterfly-6")
  void aKeyOnOneSideOnlyKeepsThemApart() throws Exception {
    Optional<RingKey> key = Optional.of(key());
    Ring keyed = ring("127.0.24.1", key);
    Ring keyless = ring("127.0.24.2", Optional.empty());
    Stranger insider = stranger(ID, "127.0.24.3", key);
    Stranger outsider = stranger(ID, "127.0.24.4", Optional.empty());
    outsider.ping(keyed.listen());
    insider.ping(keyless.listen());
    assertAnswers(insider, keyed);
    assertAnswers(outsider, keyless);
    assertThat(keyed.metrics().swim().rejected().get(Rejection.NONCE_MISSING))
        .extracting(RingMetrics.Traffic::messages)
        .isEqualTo(1L);
    eventually(
        () -> keyless.metrics().swim().rejected().values(),
        rejected -> rejected.stream().mapToLong(RingMetrics.Traffic::messages).sum() == 1);
    insider.tell(keyless.listen(), config("web.default", 9));
    outsider.tell(keyed.listen(), config("web.default", 9));
    for (Ring ring : List.of(keyed, keyless)) {
      eventually(
          () -> ring.metrics().gossip().rejected().values(),
          rejected -> rejected.stream().mapToLong(RingMetrics.Traffic::messages).sum() == 1);
      assertThat(ring.view().state().serviceConfigs()).isEmpty();
    }
  }

  @Test
  @Check("butterfly-35")
  void badNewsAboutTheMemberIsRefutedAndTheIncarnationIsOnDiskFirst() throws Exception {
    Ring ring = ring("127.0.25.1", Optional.empty());
    Stranger stranger = stranger(ID, "127.0.25.2", Optional.empty());
    Member victim = Member.of(ring.memberId(), 5, "127.0.25.1", ring.listen().port());
    Path file = directory.resolve("127.0.25.1").resolve("data").resolve("INCARNATION");
    stranger.ping(ring.listen());
    eventually(stranger::acks, acks -> !acks.isEmpty());
    stranger.ping(ring.listen(), new Membership(victim, Health.SUSPECT));
    stranger.ping(ring.listen());
    Swim.Ack raised =
        eventually(() -> stranger.acks().getLast(), ack -> ack.from().incarnation() == 6);
    assertThat(raised.from().incarnation()).isEqualTo(6);
    assertThat(Files.readString(file)).isEqualTo("6");
    stranger.ping(ring.listen(), new Membership(victim, Health.SUSPECT));
    assertAnswers(stranger, ring);
    assertThat(ring.view().self().incarnation()).isEqualTo(6);
    assertThat(Files.readString(file)).isEqualTo("6");
  }

  @Test
  @Check("butterfly-52")
  void whatAnOperatorInjectsIsTakenInAndToldOn() throws Exception {
    Ring ring = start(config("127.0.0.1").withSettings(RingTest.FAST_AND_FORGIVING));
    Stranger member = stranger(ID, "127.0.26.2", Optional.empty());
    member.openTcp();
    member.ping(ring.listen());
    Stranger operator = stranger(numbered(7), "127.0.0.1", Optional.empty());
    operator.tell(ring.listen(), config("web.default", 65_536));
    eventually(() -> ring.view().state().serviceConfigs(), configs -> configs.size() == 1);
    eventually(() -> member.rumors, rumors -> rumors.contains(config("web.default", 65_536)));
  }

  @Test
  @Check({"butterfly-46", "butterfly-54"})
  void aRumorHeardAThousandTimesIsToldTwice() throws Exception {
    Ring ring = start(config("127.0.27.1").withSettings(RingTest.FAST_AND_PATIENT));
    Stranger member = stranger(ID, "127.0.27.2", Optional.empty());
    member.openTcp();
    member.ping(ring.listen());
    eventually(() -> ring.view().joined(), Boolean::booleanValue);
    for (int i = 0; i < 1000; i++) {
      member.tell(ring.listen(), config("web.default", 100));
    }
    eventually(
        () -> ring.metrics().gossip().received().get(RumorKind.SERVICE_CONFIG),
        traffic -> traffic != null && traffic.messages() == 1000);
    // Whatever the thousand have stirred up goes out before what is new now.
    member.tell(ring.listen(), config("last.default", 1));
    eventually(() -> copies(member, config("last.default", 1)), count -> count == 2);
    assertThat(copies(member, config("web.default", 100))).isEqualTo(2);
  }

  private static long copies(Stranger member, Rumor rumor) {
    return member.rumors.stream().filter(rumor::equals).count();
  }

  @Test
  @Check("butterfly-53")
  void whoComesLateOrHadItsPortClosedGetsEverything() throws Exception {
    Ring ring = start(config("127.0.28.1").withSettings(RingTest.FAST_AND_FORGIVING));
    Stranger deaf = stranger(ID, "127.0.28.2", Optional.empty());
    deaf.ping(ring.listen());
    eventually(() -> ring.view().joined(), Boolean::booleanValue);
    List<Rumor> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Rumor rumor = config("group" + i + ".default", 10);
      all.add(rumor);
      ring.publish(rumor);
    }
    // The original gives up after two failures.
    eventually(() -> ring.metrics().gossip().connectFailures(), count -> count >= 5);
    deaf.openTcp();
    eventually(() -> deaf.rumors, rumors -> rumors.containsAll(all));
    Stranger late = stranger(numbered(9), "127.0.28.3", Optional.empty());
    late.openTcp();
    late.ping(ring.listen());
    eventually(() -> late.rumors, rumors -> rumors.containsAll(all));
  }

  @Test
  void tenThousandBogusMembersDoNotPutAMemberOutOfItsRing() throws Exception {
    Ring first = start(config("127.0.29.1").withSettings(RingTest.FAST_AND_FORGIVING));
    Ring second =
        start(
            config("127.0.29.2")
                .withSettings(RingTest.FAST_AND_FORGIVING)
                .withPeers(List.of(first.listen().toString())));
    eventually(() -> first.view().joined() && second.view().joined(), Boolean::booleanValue);
    Stranger liar = stranger(ID, "127.0.29.3", Optional.empty());
    for (int i = 0; i < 10_000; i += 10) {
      List<Membership> ten = new ArrayList<>();
      for (int j = i; j < i + 10; j++) {
        String address = "127.29." + (j / 250) + "." + (1 + j % 250);
        ten.add(new Membership(Member.of(numbered(j + 1), 1, address, 9), Health.ALIVE));
      }
      liar.ping(first.listen(), ten.toArray(Membership[]::new));
      if (i % 500 == 0) {
        assertAnswers(liar, first);
      }
    }
    assertAnswers(liar, first);
    assertAnswers(liar, second);
    first.publish(config("still.here", 5));
    eventually(
        PATIENCE, () -> second.view().state().serviceConfigs(), configs -> configs.size() == 1);
    assertThat(first.metrics().faults().machine()).isZero();
    // A suspicion on a busy machine is refuted; only what lasts would be a loss.
    eventually(
        PATIENCE,
        () ->
            first.view().state().members().stream()
                .filter(one -> one.member().id().equals(second.memberId()))
                .map(Membership::health)
                .toList(),
        List.of(Health.ALIVE)::equals);
  }

  @Test
  void openConnectionsThatSayNothingDoNotKeepRumorsOut() throws Exception {
    Ring ring = ring("127.0.30.1", Optional.empty());
    Endpoint listen = ring.listen();
    for (int i = 0; i < 200; i++) {
      open.add(new Socket(InetAddress.ofLiteral(listen.address()), listen.port()));
    }
    Stranger stranger = stranger(ID, "127.0.30.2", Optional.empty());
    stranger.tell(listen, config("web.default", 3));
    eventually(() -> ring.view().state().serviceConfigs(), configs -> configs.size() == 1);
  }
}
