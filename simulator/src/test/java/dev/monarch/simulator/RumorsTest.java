package dev.monarch.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.simulator.Simulation.DiskFate;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.SysInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How often rumors are told, and to whom. */
final class RumorsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  @Check("butterfly-46")
  void eachRumorIsToldToEachMemberTwice() {
    Simulation ring = formed(41, 6);
    Map<String, Integer> told = new TreeMap<>();
    ring.tapRumors(
        rumor -> {
          if (rumor.rumor() instanceof ServiceRumor) {
            told.merge(rumor.from() + " to " + rumor.memberId(), 1, Integer::sum);
          }
        });

    ring.publish(ring.host(2), service(ring.host(2), 1));
    ring.runFor(MINUTE);

    assertThat(told).hasSize(6 * 5).allSatisfy((_, times) -> assertThat(times).isEqualTo(2));
  }

  @Test
  void aRumorIsEverywhereWithinThreeSeconds() {
    Simulation ring = formed(42, 12);

    ring.publish(ring.host(7), service(ring.host(7), 1));

    assertThat(ring.runUntil(() -> allHaveServices(ring, 1), Duration.ofSeconds(3))).isPresent();
    assertThat(ring.host(3).view().state().services().getFirst())
        .isEqualTo(service(ring.host(7), 1));
  }

  @Test
  @Check("butterfly-53")
  void whoComesLateAndWhoseDoorWasShutHearEverything() {
    Simulation ring = Simulation.builder(43).members(4).startedByTheTest().build();
    for (int i = 0; i < 3; i++) {
      ring.start(ring.host(i));
    }
    ring.runFor(Duration.ofSeconds(20));
    ring.publish(ring.host(0), service(ring.host(0), 1));
    ring.publish(ring.host(1), service(ring.host(1), 1));
    ring.runFor(MINUTE);

    ring.start(ring.host(3));
    assertThat(ring.runUntil(() -> services(ring.host(3)) == 2, Duration.ofSeconds(10)))
        .isPresent();

    ring.closeGossipPort(ring.host(3));
    ring.publish(ring.host(2), service(ring.host(2), 1));
    ring.publish(ring.host(0), service(ring.host(0), 2));
    ring.runFor(Duration.ofSeconds(15));
    assertThat(services(ring.host(3))).isEqualTo(2);
    ring.openGossipPort(ring.host(3));

    assertThat(
            ring.runUntil(
                () ->
                    services(ring.host(3)) == 3
                        && ring.host(3).view().state().services().stream()
                            .anyMatch(service -> service.incarnation() == 2),
                Duration.ofSeconds(10)))
        .isPresent();
  }

  @Test
  void aMemberThatWasCutOffHearsWhatWasSaidMeanwhile() {
    Simulation ring = Simulation.builder(44).members(5).persistent(index -> index == 0).build();
    ring.runFor(Duration.ofSeconds(30));
    Host absent = ring.host(4);

    ring.network().split(List.of(absent), ring.hosts().subList(0, 4));
    ring.publish(ring.host(1), service(ring.host(1), 1));
    ring.runFor(Duration.ofMinutes(2));
    ring.publish(ring.host(2), service(ring.host(2), 1));
    ring.network().mendAll();

    assertThat(ring.runUntil(() -> allHaveServices(ring, 2), MINUTE)).isPresent();
  }

  /** The end of its connections was told, but into the cut. Seed 86544 of the elections. */
  @Test
  void whoCrashesBehindACutAndIsBackAtOnceHearsAgainWhatItHadNotWrittenDown() {
    Simulation ring = formed(51, 4);
    Host blinking = ring.host(3);
    ring.runFor(Duration.ofSeconds(31).minus(ring.now()));
    ring.publish(ring.host(1), service(ring.host(1), 1));
    ring.runFor(Duration.ofSeconds(5));
    assertThat(services(blinking)).isEqualTo(1);

    ring.network().split(List.of(blinking), ring.hosts().subList(0, 3));
    ring.crash(blinking);
    ring.start(blinking, DiskFate.KEPT);
    assertThat(services(blinking)).isZero();
    ring.runFor(Duration.ofMillis(200));
    ring.network().mendAll();

    assertThat(ring.runUntil(() -> services(blinking) == 1, Duration.ofSeconds(15))).isPresent();
  }

  /** Nobody missed it, so only the broken connections say that what it was told is gone. */
  @Test
  void whoCrashesAndIsBackAtOnceHearsAgainWhatItHadNotWrittenDown() {
    Simulation ring = formed(49, 4);
    Host blinking = ring.host(3);
    ring.runFor(Duration.ofSeconds(31).minus(ring.now()));
    ring.publish(ring.host(1), service(ring.host(1), 1));
    ring.runFor(Duration.ofSeconds(10));
    assertThat(services(blinking)).isEqualTo(1);

    ring.crash(blinking);
    ring.runFor(Duration.ofMillis(300));
    ring.start(blinking);
    assertThat(services(blinking)).isZero();

    assertThat(ring.runUntil(() -> services(blinking) == 1, MINUTE)).isPresent();
  }

  @Test
  @Check("butterfly-54")
  void theSameRumorAThousandTimesIsNotPassedOnAgain() {
    Simulation ring = formed(45, 4);
    Rumor rumor = service(ring.host(1), 1);
    ring.publish(ring.host(1), rumor);
    ring.runFor(MINUTE);
    List<Rumor> told = new ArrayList<>();
    ring.tapRumors(each -> told.add(each.rumor()));

    for (int i = 0; i < 1000; i++) {
      ring.forge(ring.host(2), rumor);
    }
    ring.runFor(MINUTE);

    assertThat(told).isEmpty();
  }

  @Test
  @Check("butterfly-52")
  void whatAnOperatorInjectsIsAccepted() {
    Simulation ring = formed(46, 3);
    ServiceConfigRumor config =
        new ServiceConfigRumor(
            "butterflyclient", new ServiceGroup("web.default"), 7, false, Bytes.utf8("a = 1"));

    ring.forge(ring.host(1), config);
    ring.runFor(Duration.ofSeconds(10));

    assertThat(ring.hosts())
        .allSatisfy(
            host -> assertThat(host.view().state().serviceConfigs()).containsExactly(config));
  }

  /** Its numbering would start again at 1 and nobody would listen, did it not hear what it said. */
  @Test
  void whoLeftAndLostItsRumorsHearsItsOwnServiceFromTheOthers() {
    Simulation ring = formed(48, 4);
    Host returning = ring.host(3);
    ring.runFor(MINUTE);
    ring.publish(returning, service(returning, 5));
    ring.runFor(Duration.ofSeconds(10));
    ring.leave(returning);
    ring.runFor(Duration.ofSeconds(10));

    ring.start(returning, DiskFate.STALE);
    assertThat(services(returning)).isZero();

    assertThat(ring.runUntil(() -> services(returning) == 1, Duration.ofSeconds(20))).isPresent();
  }

  /** The invariants watch the size of each datagram and how often each record is told. */
  @Test
  @Check("butterfly-44")
  void twoHundredChangedMembersReachEverybody() {
    Simulation ring = formed(47, 4);
    Host first = ring.host(1);

    for (int i = 0; i < 200; i++) {
      Member member =
          Member.of(
              "%032x".formatted(i), Member.INCARNATION_MAX - i, "198.51.100." + i % 256, 65_535);
      ring.forge(
          first, new Rumor.MemberRumor("butterflyclient", new Membership(member, Health.SUSPECT)));
    }

    assertThat(
            ring.runUntil(
                () ->
                    ring.hosts().stream()
                        .allMatch(host -> host.view().state().members().size() >= 203),
                MINUTE,
                Duration.ofSeconds(1)))
        .isPresent();
  }

  private static ServiceRumor service(Host owner, long incarnation) {
    return new ServiceRumor(
        owner.id(),
        owner.id(),
        new ServiceGroup("web.default"),
        incarnation,
        true,
        "core/web/1.0.0/20260101000000",
        Bytes.utf8("port = 80"),
        new SysInfo(owner.endpoint().address(), "host", "0.0.0.0", 9638, "0.0.0.0", 9631, "", 9632),
        0);
  }

  private static boolean allHaveServices(Simulation ring, int count) {
    return ring.hosts().stream().allMatch(host -> services(host) == count);
  }

  private static int services(Host host) {
    return host.view().state().services().size();
  }

  private static Simulation formed(long seed, int members) {
    Simulation ring = Simulation.builder(seed).members(members).build();
    assertThat(ring.runUntil(ring::isAgreed, MINUTE, Duration.ofMillis(100))).isPresent();
    ring.runFor(Duration.ofSeconds(15));
    return ring;
  }
}
