package dev.monarch.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.simulator.Simulation.Sent;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Swim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What strangers say, true and false, and what it does to the ring. */
final class HostilityTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Endpoint STRANGER = new Endpoint("192.0.2.66", 40_000);

  @Test
  @Check("butterfly-1")
  void anAnswerGoesToThePortThatAsked() {
    Simulation ring = formed(51, 2);
    List<Sent> toStranger = tapTo(ring);

    ring.forge(ring.host(0), STRANGER, ping(List.of()));
    ring.runFor(Duration.ofMillis(100));

    assertThat(toStranger.getFirst().message()).isInstanceOf(Swim.Ack.class);
    assertThat(toStranger.getFirst().to()).isEqualTo(STRANGER);
  }

  @Test
  @Check("butterfly-24")
  void aNewlySeenMemberIsPingedWithoutBeingAsked() {
    Simulation ring = formed(52, 2);
    List<Sent> toStranger = new ArrayList<>();
    ring.tapWire(
        sent -> {
          if (sent.to().equals(new Endpoint(STRANGER.address(), 9638))) {
            toStranger.add(sent);
          }
        });

    ring.forge(ring.host(0), STRANGER, ping(List.of()));
    ring.runFor(Duration.ofMillis(100));

    assertThat(toStranger).anyMatch(sent -> sent.message() instanceof Swim.Ping);
  }

  @Test
  @Check("butterfly-29")
  void aRequestForAnUnknownTargetDoesNothing() {
    Simulation ring = formed(53, 2);
    List<Sent> toStranger = tapTo(ring);
    Member unknown = Member.of("unknown", 0, STRANGER.address(), STRANGER.port());

    ring.forge(
        ring.host(0),
        STRANGER,
        new Swim.PingReq(Member.of("stranger", 0, "", 9638), unknown, List.of()));
    ring.runFor(MINUTE);

    assertThat(toStranger).isEmpty();
    assertThat(ring.host(0).healthOf("stranger")).isEmpty();
  }

  @Test
  @Check("butterfly-35")
  void aSuspicionIsRefutedOnlyIfItIsNotOlder() {
    Simulation ring = formed(54, 3);
    Host victim = ring.host(1);
    tellOfItself(ring, victim, Health.SUSPECT, 6);
    assertThat(victim.incarnation()).isEqualTo(7);
    assertThat(victim.view().self().incarnation()).isEqualTo(7);

    tellOfItself(ring, victim, Health.SUSPECT, 6);

    assertThat(victim.incarnation()).isEqualTo(7);
  }

  @Test
  @Check("butterfly-36")
  void aDepartureOnHearsayIsRefutedLikeASuspicion() {
    Simulation ring = formed(55, 3);
    Host victim = ring.host(1);

    tellOfItself(ring, victim, Health.DEPARTED, 3);
    ring.runFor(MINUTE);

    assertThat(victim.incarnation()).isEqualTo(4);
    assertThat(ring.disagreement()).isEmpty();
  }

  @Test
  @Check("butterfly-37")
  void aDeathAtTheGreatestIncarnationNeitherWrapsNorDisarmsItsVictim() {
    Simulation ring = formed(56, 5);
    Host victim = ring.host(1);

    tellOfItself(ring, victim, Health.CONFIRMED, Member.INCARNATION_MAX);
    tellOfItself(ring, victim, Health.CONFIRMED, Member.INCARNATION_MAX - 1);
    ring.runFor(MINUTE);
    assertThat(ring.disagreement()).isEmpty();
    assertThat(victim.incarnation()).isNotZero();

    ring.crash(victim);
    ring.runFor(MINUTE);
    ring.start(victim);
    assertThat(ring.runUntil(ring::isAgreed, MINUTE, Duration.ofSeconds(1))).isPresent();
  }

  @Test
  @Check("butterfly-41")
  void aProbePingIsAnsweredOneIncarnationHigher() {
    Simulation ring = formed(57, 2);
    Host asked = ring.host(0);
    long before = asked.incarnation();
    List<Sent> toStranger = tapTo(ring);

    ring.forge(
        asked,
        STRANGER,
        new Swim.ProbePing(Member.of("stranger", 0, "", 9638).withProbePing(true)));
    ring.runFor(Duration.ofMillis(100));

    assertThat(toStranger.getFirst().message()).isInstanceOf(Swim.Ack.class);
    assertThat(toStranger.getFirst().message().from().incarnation()).isEqualTo(before + 1);
    assertThat(asked.incarnation()).isEqualTo(before + 1);
  }

  @Test
  void randomBytesAreRefusedAndTheRingGoesOn() {
    Simulation ring = formed(58, 3);
    SplittableRandom random = new SplittableRandom(58);

    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[random.nextInt(1, 300)];
      random.nextBytes(bytes);
      ring.forge(ring.host(i % 3), STRANGER, bytes);
    }
    ring.runFor(MINUTE);

    assertThat(ring.refused()).isGreaterThan(1500);
    assertThat(ring.disagreement()).isEmpty();
  }

  @Test
  void tenThousandInventedMembersDoNotPushARealOneOut() {
    Simulation ring = formed(59, 3);
    for (int i = 0; i < 10_000; i++) {
      Member invented =
          Member.of("%032x".formatted(i), 0, "198.%d.%d.1".formatted(18 + i / 5000, i % 250), 9638);
      ring.forge(
          ring.host(0),
          new Rumor.MemberRumor("butterflyclient", new Membership(invented, Health.ALIVE)));
    }
    ring.runFor(Duration.ofSeconds(10));

    assertThat(ring.disagreement()).isEmpty();
    Host killed = ring.host(2);
    ring.crash(killed);
    assertThat(
            ring.runUntil(
                () -> ring.everyoneHolds(killed, Health.CONFIRMED),
                Duration.ofMinutes(10),
                Duration.ofSeconds(1)))
        .isPresent();
  }

  private static Swim.Ping ping(List<Membership> membership) {
    return new Swim.Ping(Member.of("stranger", 0, "", 9638), Optional.empty(), membership);
  }

  private static void tellOfItself(Simulation ring, Host victim, Health health, long incarnation) {
    Member member =
        Member.of(victim.id(), incarnation, victim.endpoint().address(), Simulation.PORT);
    ring.forge(
        victim,
        STRANGER,
        new Swim.Ack(
            Member.of("stranger", 0, "", 9638),
            Optional.empty(),
            List.of(new Membership(member, health))));
    ring.runFor(Duration.ofMillis(10));
  }

  private static List<Sent> tapTo(Simulation ring) {
    List<Sent> toStranger = new ArrayList<>();
    ring.tapWire(
        sent -> {
          if (sent.to().address().equals(STRANGER.address())) {
            toStranger.add(sent);
          }
        });
    return toStranger;
  }

  private static Simulation formed(long seed, int members) {
    Simulation ring = Simulation.builder(seed).members(members).build();
    assertThat(ring.runUntil(ring::isAgreed, MINUTE, Duration.ofMillis(100))).isPresent();
    ring.runFor(Duration.ofSeconds(10));
    return ring;
  }
}
