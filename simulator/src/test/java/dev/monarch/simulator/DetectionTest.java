package dev.monarch.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.simulator.Simulation.Sent;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Swim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How a silent member is found out, and how one that only seems silent is not. */
final class DetectionTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  @Check("butterfly-31")
  void aSilentMemberIsAskedForThenSuspectedThenConfirmedInTime() {
    Simulation ring = formed(11, 8);
    Host silent = ring.host(5);
    List<Sent> sent = new ArrayList<>();
    ring.tapWire(sent::add);

    ring.crash(silent);
    assertThat(ring.runUntil(() -> whoSuspects(ring, silent).isPresent(), MINUTE)).isPresent();
    Host prober = whoSuspects(ring, silent).orElseThrow();
    long suspected = ring.nowNanos();
    assertThat(ring.runUntil(() -> prober.holds(silent, Health.CONFIRMED), MINUTE)).isPresent();
    long confirmed = ring.nowNanos();

    List<Sent> requests =
        sent.stream()
            .filter(datagram -> datagram.from() == prober && datagram.atNanos() <= suspected)
            .filter(
                datagram ->
                    datagram.message() instanceof Swim.PingReq request
                        && request.target().id().equals(silent.id()))
            .toList();
    long asked = requests.getFirst().atNanos();
    long pinged =
        sent.stream()
            .filter(datagram -> datagram.from() == prober && datagram.atNanos() < asked)
            .filter(datagram -> datagram.message() instanceof Swim.Ping)
            .filter(datagram -> datagram.to().equals(silent.endpoint()))
            .mapToLong(Sent::atNanos)
            .max()
            .orElseThrow();
    assertThat(requests).hasSize(5);
    assertThat(requests)
        .noneMatch(datagram -> datagram.to().equals(silent.endpoint()))
        .noneMatch(datagram -> datagram.to().equals(prober.endpoint()));
    assertThat(millis(asked - pinged)).isBetween(1000L, 1002L);
    assertThat(millis(suspected - pinged)).isBetween(3100L, 3105L);
    assertThat(millis(confirmed - suspected)).isBetween(9300L, 9800L);
  }

  @Test
  @Check("butterfly-30")
  void aCutInOneDirectionIsBridgedByTheOthers() {
    Simulation ring = formed(12, 5);
    Host deaf = ring.host(1);
    Host unheard = ring.host(3);

    ring.network().cutOneWay(unheard, deaf);

    assertThat(
            ring.runUntil(
                () ->
                    ring.hosts().stream()
                        .anyMatch(
                            host ->
                                host != unheard
                                    && host.healthOf(unheard).orElseThrow() != Health.ALIVE),
                Duration.ofMinutes(10)))
        .as("somebody doubted a member that only one other does not hear")
        .isEmpty();
  }

  @Test
  void aCutInBothDirectionsBetweenTwoIsBridgedByOneThird() {
    Simulation ring = formed(13, 3);
    ring.network().cut(ring.host(0), ring.host(1));

    ring.runFor(Duration.ofMinutes(5));

    assertThat(ring.disagreement()).isEmpty();
  }

  @Test
  @Check("butterfly-32")
  void aConfirmedMemberGetsNoMoreDatagrams() {
    Simulation ring = formed(14, 5);
    Host dead = ring.host(4);
    ring.crash(dead);
    assertThat(ring.runUntil(() -> ring.everyoneHolds(dead, Health.CONFIRMED), MINUTE)).isPresent();
    ring.runFor(Duration.ofSeconds(5));
    List<Sent> sent = new ArrayList<>();
    ring.tapWire(sent::add);

    ring.runFor(Duration.ofMinutes(5));

    assertThat(sent).noneMatch(datagram -> datagram.to().equals(dead.endpoint()));
  }

  @Test
  @Check("butterfly-33")
  void aPermanentPeerIsPingedInEveryHealth() {
    Simulation ring = Simulation.builder(15).members(4).persistent(index -> index == 2).build();
    ring.runFor(Duration.ofSeconds(20));
    Host permanent = ring.host(2);
    Host prober = ring.host(0);
    List<Health> pingedWhile = new ArrayList<>();
    ring.tapWire(
        datagram -> {
          if (datagram.from() == prober
              && datagram.message() instanceof Swim.Ping
              && datagram.to().equals(permanent.endpoint())) {
            pingedWhile.add(prober.healthOf(permanent).orElseThrow());
          }
        });

    ring.runFor(MINUTE);
    ring.crash(permanent);
    ring.runFor(MINUTE);
    ring.depart(prober, permanent.id());
    ring.runFor(MINUTE);

    assertThat(pingedWhile)
        .contains(Health.ALIVE, Health.SUSPECT, Health.CONFIRMED, Health.DEPARTED);
  }

  @Test
  @Check("butterfly-40")
  void nobodyIsConfirmedOnHearsayBeforeItIsAsked() {
    Simulation ring = formed(16, 3);
    Host dead = ring.host(2);
    Host asker = ring.host(0);
    ring.crash(dead);
    List<Sent> probes = new ArrayList<>();
    ring.tapWire(
        datagram -> {
          if (datagram.message() instanceof Swim.ProbePing) {
            probes.add(datagram);
          }
        });

    tellAbout(ring, asker, dead, Health.CONFIRMED);
    assertThat(ring.runUntil(() -> !probes.isEmpty(), Duration.ofSeconds(1))).isPresent();
    assertThat(asker.healthOf(dead)).contains(Health.ALIVE);
    Optional<Duration> took =
        ring.runUntil(() -> asker.holds(dead, Health.CONFIRMED), Duration.ofSeconds(5));

    assertThat(probes.getFirst().message().from().probePing()).isTrue();
    assertThat(probes.getFirst().to()).isEqualTo(dead.endpoint());
    assertThat(took.orElseThrow()).isBetween(Duration.ofMillis(1000), Duration.ofMillis(1100));
  }

  @Test
  void aMemberThatAnswersTheProbeIsNotConfirmedByHearsay() {
    Simulation ring = formed(17, 4);
    Host slandered = ring.host(2);
    long before = slandered.incarnation();

    tellAbout(ring, ring.host(0), slandered, Health.CONFIRMED);
    ring.runFor(MINUTE);

    assertThat(ring.disagreement()).isEmpty();
    assertThat(slandered.incarnation()).isGreaterThan(before);
  }

  @Test
  void aFrozenMemberIsConfirmedAndConfirmsNobodyWhenItWakesUp() {
    Simulation ring = formed(18, 6);
    Host frozen = ring.host(3);
    ring.freeze(frozen);
    assertThat(
            ring.runUntil(
                () -> ring.everyoneHolds(frozen, Health.CONFIRMED), Duration.ofMinutes(2)))
        .isPresent();

    ring.resume(frozen);

    assertThat(
            ring.runUntil(
                () ->
                    ring.hosts().stream()
                        .anyMatch(host -> host != frozen && frozen.holds(host, Health.CONFIRMED)),
                MINUTE))
        .isEmpty();
    assertThat(ring.disagreement()).isEmpty();
  }

  /**
   * A day in which nothing happens but loss and jitter: butterfly.md 14, check 73, with our members
   * alone. {@code -Dday.hours} makes it another time than a day.
   */
  @Test
  void withOnePercentLossForADayNobodyIsConfirmedOrDeparted() {
    Duration day = Duration.ofHours(Long.getLong("day.hours", 24));
    Simulation ring =
        Simulation.builder(19)
            .members(20)
            .network(
                new NetworkConditions(
                    0.01, 0.01, Duration.ofMillis(1), Duration.ofMillis(100), 0, Duration.ZERO))
            .build();
    assertThat(ring.runUntil(ring::isAgreed, MINUTE, Duration.ofSeconds(1))).isPresent();

    // A member is Confirmed for at least a probe, which is longer than a look is apart.
    assertThat(ring.runUntil(() -> isAnybodyGivenUp(ring), day, Duration.ofSeconds(2))).isEmpty();
  }

  private static boolean isAnybodyGivenUp(Simulation ring) {
    return ring.hosts().stream()
        .anyMatch(
            host ->
                ring.hosts().stream()
                    .anyMatch(
                        other ->
                            host.holds(other, Health.CONFIRMED)
                                || host.holds(other, Health.DEPARTED)));
  }

  private static Optional<Host> whoSuspects(Simulation ring, Host suspect) {
    return ring.hosts().stream().filter(host -> host.holds(suspect, Health.SUSPECT)).findFirst();
  }

  private static Simulation formed(long seed, int members) {
    Simulation ring = Simulation.builder(seed).members(members).build();
    assertThat(ring.runUntil(ring::isAgreed, MINUTE, Duration.ofMillis(100))).isPresent();
    ring.runFor(Duration.ofSeconds(10));
    return ring;
  }

  private static void tellAbout(Simulation ring, Host told, Host about, Health health) {
    Endpoint source = new Endpoint("192.0.2.1", 9638);
    Member member =
        Member.of(
            about.id(), about.incarnation(), about.endpoint().address(), about.endpoint().port());
    ring.forge(
        told,
        source,
        new Swim.Ack(
            Member.of("stranger", 0, "", 9638),
            Optional.empty(),
            List.of(new Membership(member, health))));
  }

  private static long millis(long nanos) {
    return Duration.ofNanos(nanos).toMillis();
  }
}
