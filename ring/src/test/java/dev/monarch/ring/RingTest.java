package dev.monarch.ring;

import static dev.monarch.ring.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.monarch.butterfly.Butterfly;
import dev.monarch.butterfly.Settings;
import dev.monarch.butterfly.election.ElectionSettings;
import dev.monarch.checks.Check;
import dev.monarch.crypto.RingKey;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Health;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.ServiceGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingTest {
  /** A protocol ten times as fast, so that no test waits for nothing. */
  static final Settings FAST =
      new Settings(
          Duration.ofMillis(200),
          Duration.ofMillis(300),
          Duration.ofMillis(500),
          Duration.ofMillis(1000),
          Duration.ofDays(3),
          Duration.ofMillis(100),
          5,
          2,
          5,
          10,
          ElectionSettings.standard());

  /** As fast, and suspects nobody whom a busy machine keeps from answering. */
  static final Settings FAST_AND_PATIENT =
      fastWith(Duration.ofMinutes(2), Duration.ofMinutes(2), FAST.suspicionTimeout());

  /** As fast, and gives nobody up whom a busy machine keeps from refuting. */
  static final Settings FAST_AND_FORGIVING =
      fastWith(FAST.pingTimeout(), FAST.pingReqTimeout(), Duration.ofMinutes(5));

  @TempDir private Path directory;
  private final List<Ring> rings = new ArrayList<>();
  private final List<RingEvent> events = new CopyOnWriteArrayList<>();

  @AfterEach
  void closeAll() {
    rings.forEach(Ring::close);
  }

  private static Settings fastWith(
      Duration pingTimeout, Duration pingReqTimeout, Duration suspicionTimeout) {
    return new Settings(
        pingTimeout,
        pingReqTimeout,
        FAST.protocolPeriod(),
        suspicionTimeout,
        FAST.departureTimeout(),
        FAST.gossipInterval(),
        FAST.proxies(),
        FAST.shareLimit(),
        FAST.pushFanout(),
        FAST.farewells(),
        FAST.elections());
  }

  private RingConfig config(String name, String address, Endpoint... peers) {
    return RingConfig.in(directory.resolve(name))
        .withListen(new InetSocketAddress(address, 0))
        .withPeers(List.of(peers).stream().map(Endpoint::toString).toList())
        .withSettings(FAST);
  }

  private Ring start(RingConfig config) throws RingStartException {
    Ring ring = Ring.start(config, events::add);
    rings.add(ring);
    return ring;
  }

  private static Optional<Health> healthIn(Ring ring, Ring of) {
    return ring.view().state().members().stream()
        .filter(membership -> membership.member().id().equals(of.memberId()))
        .map(Membership::health)
        .findFirst();
  }

  private static void seesAs(Ring ring, Ring other, Health health) {
    eventually(() -> healthIn(ring, other), Optional.of(health)::equals);
  }

  /** Events come on a thread of their own, a moment after the view shows the same. */
  private void hears(Predicate<RingEvent> wanted) {
    eventually(() -> events, all -> all.stream().anyMatch(wanted));
  }

  private void hearsOfTrouble(String start) {
    hears(event -> event instanceof RingEvent.Trouble trouble && trouble.text().startsWith(start));
  }

  private static ServiceConfigRumor config(long incarnation, String toml) {
    return new ServiceConfigRumor(
        Butterfly.OPERATOR, new ServiceGroup("web.default"), incarnation, false, Bytes.utf8(toml));
  }

  private static RingKey key() {
    return RingKey.generate("test", Instant.now(), new SecureRandom());
  }

  @Test
  void threeMembersMeetThroughOne() throws Exception {
    Ring first = start(config("a", "127.0.4.1"));
    Ring second = start(config("b", "127.0.4.2", first.listen()));
    Ring third = start(config("c", "127.0.4.3", first.listen()));
    for (Ring one : List.of(first, second, third)) {
      for (Ring other : List.of(first, second, third)) {
        if (one != other) {
          seesAs(one, other, Health.ALIVE);
        }
      }
    }
    assertThat(first.view().joined()).isTrue();
    // A suspicion on a busy machine is refuted.
    eventually(() -> first.metrics().members().get(Health.ALIVE), Long.valueOf(3)::equals);
  }

  @Test
  void aRumorReachesEverybodyAndIsPersisted() throws Exception {
    Ring first = start(config("a", "127.0.5.1"));
    Ring second = start(config("b", "127.0.5.2", first.listen()));
    seesAs(first, second, Health.ALIVE);
    first.publish(config(7, "port = 1\n"));
    eventually(() -> second.view().state().serviceConfigs(), configs -> configs.size() == 1);
    second.close();
    Ring again = start(config("b", "127.0.5.2", first.listen()));
    assertThat(again.memberId()).isEqualTo(second.memberId());
    assertThat(again.view().state().serviceConfigs()).containsExactly(config(7, "port = 1\n"));
  }

  @Test
  void aMemberThatLeavesIsDepartedAtOnceAndAliveAgainWhenItReturns() throws Exception {
    Ring first = start(config("a", "127.0.6.1"));
    Ring second = start(config("b", "127.0.6.2", first.listen()));
    seesAs(first, second, Health.ALIVE);
    second.leave();
    seesAs(first, second, Health.DEPARTED);
    Ring again = start(config("b", "127.0.6.2", first.listen()));
    seesAs(first, again, Health.ALIVE);
    assertThat(again.view().self().incarnation()).isPositive();
  }

  @Test
  void aMemberThatFallsSilentIsSuspectedThenConfirmedAndComesBack() throws Exception {
    Ring first = start(config("a", "127.0.7.1"));
    Ring second = start(config("b", "127.0.7.2", first.listen()));
    seesAs(first, second, Health.ALIVE);
    second.close();
    seesAs(first, second, Health.CONFIRMED);
    eventually(
        () ->
            events.stream()
                .filter(RingEvent.MemberChanged.class::isInstance)
                .map(RingEvent.MemberChanged.class::cast)
                .filter(change -> change.member().id().equals(second.memberId()))
                .map(RingEvent.MemberChanged::to)
                .toList(),
        seen -> seen.containsAll(List.of(Health.ALIVE, Health.SUSPECT, Health.CONFIRMED)));
    Ring again =
        start(
            config("b", "127.0.7.2", first.listen())
                .withListen(new InetSocketAddress("127.0.7.2", second.listen().port())));
    seesAs(first, again, Health.ALIVE);
  }

  @Test
  void whoHasTheKeyIsInAndWhoHasNotStaysOutside() throws Exception {
    RingKey key = key();
    Ring first = start(config("a", "127.0.8.1").withKey(key));
    Ring second = start(config("b", "127.0.8.2", first.listen()).withKey(key));
    Ring keyless = start(config("c", "127.0.8.3", first.listen()));
    Ring otherKey = start(config("d", "127.0.8.4", first.listen()).withKey(key()));
    seesAs(first, second, Health.ALIVE);
    seesAs(second, first, Health.ALIVE);
    eventually(
        () -> first.metrics().swim().rejected(),
        rejected -> rejected.values().stream().mapToLong(RingMetrics.Traffic::messages).sum() >= 4);
    assertThat(healthIn(first, keyless)).isEmpty();
    assertThat(healthIn(first, otherKey)).isEmpty();
    assertThat(keyless.view().joined()).isFalse();
  }

  @Test
  @Check("butterfly-69")
  void aKilledMemberStartsAsTheSameWithAllItKnew() throws Exception {
    Ring first = start(config("a", "127.0.9.1").withSettings(FAST_AND_PATIENT));
    RingConfig ofSecond =
        config("b", "127.0.9.2", first.listen())
            .withSettings(FAST_AND_PATIENT)
            .withPersistPeriod(Duration.ofMillis(50));
    Ring second = start(ofSecond);
    seesAs(second, first, Health.ALIVE);
    second.publish(config(3, "a = 1\n"));
    eventually(
        () -> fileBytes(second.rumorFile()),
        bytes -> new String(bytes, StandardCharsets.ISO_8859_1).contains("a = 1"));
    // What a kill at this instant leaves is the files as they are.
    Path killed = directory.resolve("killed");
    copyTree(directory.resolve("b"), killed);
    String incarnation = Files.readString(killed.resolve("data").resolve("INCARNATION"));
    second.close();
    // Nobody is there who could have it refute that it was missed.
    first.close();
    Ring again = start(config("killed", "127.0.9.2").withSettings(FAST_AND_PATIENT));
    assertThat(again.memberId()).isEqualTo(second.memberId());
    assertThat(Long.toUnsignedString(again.view().self().incarnation())).isEqualTo(incarnation);
    assertThat(healthIn(again, first)).contains(Health.ALIVE);
    assertThat(again.view().state().serviceConfigs()).containsExactly(config(3, "a = 1\n"));
  }

  private static byte[] fileBytes(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  /** Without the temporary files of a member that goes on writing. */
  private static void copyTree(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var entries = Files.list(from)) {
      for (Path entry : entries.toList()) {
        Path target = to.resolve(entry.getFileName());
        if (Files.isDirectory(entry)) {
          copyTree(entry, target);
        } else if (!entry.toString().endsWith(".tmp")) {
          Files.copy(entry, target);
        }
      }
    }
  }

  @Test
  void aPortIsFreeAsSoonAsItsMemberIsClosed() throws Exception {
    int port = start(config("a", "127.0.9.77")).listen().port();
    rings.getLast().close();
    for (int i = 0; i < 20; i++) {
      Ring again =
          Ring.start(
              RingConfig.in(directory.resolve("a"))
                  .withListen(new InetSocketAddress("127.0.9.77", port)));
      again.close();
    }
  }

  @Test
  void aTakenPortIsToldInOneLine() throws Exception {
    Ring first = start(config("a", "127.0.10.1"));
    RingConfig same =
        config("b", "127.0.10.1")
            .withListen(new InetSocketAddress("127.0.10.1", first.listen().port()));
    assertThatExceptionOfType(RingStartException.class)
        .isThrownBy(() -> start(same))
        .withMessage(
            "cannot listen on 127.0.10.1:%d (udp): address already in use; stop the other process"
                + " or choose another with --listen-gossip",
            first.listen().port());
  }

  @Test
  void aDepartedMemberIsToldToStop() throws Exception {
    Ring first = start(config("a", "127.0.11.1"));
    Ring second = start(config("b", "127.0.11.2", first.listen()));
    seesAs(first, second, Health.ALIVE);
    first.depart(second.memberId());
    hears(RingEvent.DepartureOrdered.class::isInstance);
    seesAs(first, second, Health.DEPARTED);
  }

  @Test
  void aCutFileSplitsTheRingAndAnEmptyOneHealsIt() throws Exception {
    Path cutOfFirst = directory.resolve("cut-a");
    Ring first = start(config("a", "127.0.12.1").withCutFile(cutOfFirst).withPersistent(true));
    Ring second = start(config("b", "127.0.12.2", first.listen()).withPersistent(true));
    seesAs(first, second, Health.ALIVE);
    seesAs(second, first, Health.ALIVE);
    eventually(() -> second.metrics().gossip(), gossip -> gossip.connectionsOpen() > 0);
    Files.writeString(cutOfFirst, "127.0.12.2\n");
    seesAs(first, second, Health.CONFIRMED);
    seesAs(second, first, Health.CONFIRMED);
    first.publish(config(1, "while = \"cut\"\n"));
    Files.delete(cutOfFirst);
    seesAs(first, second, Health.ALIVE);
    seesAs(second, first, Health.ALIVE);
    eventually(() -> second.view().state().serviceConfigs(), configs -> configs.size() == 1);
  }

  @Test
  void datagramsNobodyCanSendAreCountedAndNothingElse() throws Exception {
    Ring first = start(config("a", "127.0.13.1"));
    Path directoryOfSecond = directory.resolve("b");
    Ring second =
        start(
            config("b", "127.0.13.2", first.listen(), new Endpoint("203.0.113.1", 9638))
                .withPersistPeriod(Duration.ofMillis(50)));
    // From a loopback address nothing can be sent to another network: EINVAL, every time.
    eventually(() -> second.metrics().swim().sendFailures(), failures -> failures > 0);
    seesAs(first, second, Health.ALIVE);
    assertThat(Files.exists(directoryOfSecond)).isTrue();
    assertThat(second.metrics().faults().machine()).isZero();
  }

  @Test
  void aMemberListenerHearsWhenAndWho() throws Exception {
    Ring first = start(config("a", "127.0.14.1"));
    Ring second = start(config("b", "127.0.14.2", first.listen()));
    seesAs(first, second, Health.ALIVE);
    hears(
        event ->
            event instanceof RingEvent.MemberChanged change
                && change.member().id().equals(second.memberId())
                && change.member().swim().equals(second.listen())
                && change.from().isEmpty());
  }

  @Test
  @Check("butterfly-71")
  void peersComeFromAFileThatAppearsLaterAndBehindNames() throws Exception {
    Ring first = start(config("a", "127.0.0.1"));
    Path watched = directory.resolve("peers");
    Ring second = start(config("b", "127.0.0.2").withPeerWatchFile(watched));
    assertThat(second.view().joined()).isFalse();
    Files.writeString(watched, "\nlocalhost:" + first.listen().port() + "\n");
    seesAs(first, second, Health.ALIVE);
    seesAs(second, first, Health.ALIVE);
    hearsOfTrouble("peer watch file: ");
    Ring third =
        start(config("c", "127.0.0.3").withPeers(List.of("localhost:" + first.listen().port())));
    seesAs(first, third, Health.ALIVE);
  }

  @Test
  @Check("butterfly-72")
  void aStaleRumorFileDoesNotKeepAMemberFromItsNewPeers() throws Exception {
    Ring gone = start(config("a", "127.0.15.1"));
    Ring first = start(config("b", "127.0.15.2", gone.listen()));
    seesAs(first, gone, Health.ALIVE);
    first.close();
    gone.close();
    Ring fresh = start(config("c", "127.0.15.3"));
    Ring again = start(config("b", "127.0.15.2", fresh.listen()));
    assertThat(again.memberId()).isEqualTo(first.memberId());
    seesAs(fresh, again, Health.ALIVE);
    seesAs(again, fresh, Health.ALIVE);
  }

  @Test
  void aMemberStartsWithWhatIsReadableOfADamagedRumorFile() throws Exception {
    Ring first = start(config("a", "127.0.16.1"));
    first.publish(config(1, "a = 1\n"));
    first.close();
    byte[] whole = Files.readAllBytes(first.rumorFile());
    Files.write(first.rumorFile(), Arrays.copyOf(whole, whole.length - 3));
    Ring again = start(config("a", "127.0.16.1"));
    assertThat(again.memberId()).isEqualTo(first.memberId());
    hearsOfTrouble("rumor file, section service config");
  }

  @Test
  void whatCannotBeUsedAtTheStartIsToldInOneLineAndNothingStaysOpen() throws Exception {
    Ring first = start(config("a", "127.0.17.1"));
    first.close();
    InetSocketAddress listen = new InetSocketAddress("127.0.17.1", first.listen().port());
    RingConfig again = config("a", "127.0.17.1").withListen(listen);
    assertThatExceptionOfType(RingStartException.class)
        .isThrownBy(() -> start(again.withPeers(List.of("no-such-host.invalid"))))
        .withMessageStartingWith("cannot resolve peer \"no-such-host.invalid\"");
    byte[] rumors = Files.readAllBytes(first.rumorFile());
    Files.writeString(first.rumorFile(), "this is my diary");
    assertThatExceptionOfType(RingStartException.class)
        .isThrownBy(() -> start(again))
        .withMessageContaining(first.rumorFile().toString())
        .withMessageNotContaining("\n");
    assertThat(first.rumorFile()).hasContent("this is my diary");
    Files.write(first.rumorFile(), rumors);
    assertThat(start(again).listen()).isEqualTo(first.listen());
  }

  @Test
  void aDiskThatTakesNothingIsReportedAndTheMemberGoesOn() throws Exception {
    Ring ring = start(config("a", "127.0.18.1").withPersistPeriod(Duration.ofMillis(20)));
    Path inTheWay = ring.rumorFile().resolveSibling(ring.memberId() + ".rst.tmp");
    Files.createDirectories(inTheWay.resolve("full"));
    ring.publish(config(1, "a = 1\n"));
    eventually(() -> ring.metrics().faults().disk(), count -> count > 1);
    assertThat(fileBytes(ring.rumorFile())).hasSize(65);
    Files.move(inTheWay, inTheWay.resolveSibling("aside")); // at once: an empty one it clears away
    eventually(() -> fileBytes(ring.rumorFile()).length, length -> length > 65);
    hearsOfTrouble("cannot write " + ring.rumorFile() + ": ");
  }

  @Test
  void aListenerThatIsSlowHoldsUpNobodyAndHearsWhatItMissed() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    List<RingEvent> slow = new CopyOnWriteArrayList<>();
    Ring ring = start(config("a", "127.0.19.1"));
    ring.subscribe(
        event -> {
          slow.add(event);
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    int published = Audience.EVENTS_MAX + 100;
    for (int i = 1; i <= published; i++) {
      ring.publish(config(i, ""));
    }
    ring.view();
    release.countDown();
    eventually(
        () -> slow.isEmpty() ? ring.view() : slow.getLast(),
        last -> last instanceof RingEvent.EventsMissed);
    RingEvent.EventsMissed missed = (RingEvent.EventsMissed) slow.getLast();
    assertThat(slow.size() - 1 + missed.count()).isEqualTo(published);
    assertThat(ring.metrics().faults().eventsMissed()).isEqualTo(missed.count());
  }
}
