package dev.monarch.cli.demo;

import dev.monarch.butterfly.Settings;
import dev.monarch.wire.Health;
import java.time.Duration;
import java.util.List;

/**
 * The play of {@code hab ring demo --story}: acts, what has to come true after each, and what the
 * specification's timing says about when.
 *
 * <p>The calculation, with p the period between two probes of one member (3.1 s) and m = 4 others
 * each has to probe (butterfly.md 5): a member probes one specific other after at most (2m - 1) p,
 * because the order is drawn anew in every pass, and after m p / (k + 1) on average if k members
 * try independently. A probe fails after p. Suspicion lasts 9.3 s, looked at each 0.5 s.
 */
final class Story {
  static final String ALL = "ABCDE";
  static final String LEFT = "AB";
  static final String RIGHT = "CDE";

  /** Suspicions are looked at this often (butterfly.md 4.6). */
  private static final Duration EXPIRY_TICK = Duration.ofMillis(500);

  /** Rumors need some rounds from the first to the last of five. */
  private static final Duration SPREAD = Duration.ofSeconds(5);

  /** A loaded machine may be this much slower before the story is called untrue. */
  private static final int PATIENCE = 2;

  /** What starting a JVM may take on a small machine, five at a time. */
  private static final Duration START = Duration.ofSeconds(40);

  /**
   * One step.
   *
   * @param act what is done first
   * @param title what should come true
   * @param calculated what the timing says
   * @param deadline when to give up, from the act on
   */
  record Step(Act act, String title, Goal goal, String calculated, Duration deadline) {}

  private Story() {}

  static List<Step> steps(Settings settings) {
    Duration period = settings.protocolPeriod();
    int others = ALL.length() - 1;
    Duration pass = period.multipliedBy(others);
    Duration probedMax = period.multipliedBy(2L * others - 1);
    Duration suspectMax = probedMax.plus(period);
    Duration expiry = settings.suspicionTimeout();
    Duration confirmedMin = period.plus(expiry);
    Duration confirmedMax = suspectMax.plus(expiry).plus(EXPIRY_TICK);
    // While split, A probes B and C by turns, B likewise, and C D E probe two across of four: half
    // of all probes look for the other side.
    Duration contactMax = period.multipliedBy(2L * 2 - 1);
    String survivors = "ABCE";
    return List.of(
        new Step(
            new Act.StartAll(),
            "A B C D E start and join: every one sees the others alive",
            Goal.now(ALL, ALL, Health.ALIVE),
            "start + up to %s".formatted(seconds(period.multipliedBy(2))),
            START.plus(period.multipliedBy(4L * PATIENCE))),
        new Step(
            new Act.Wait(),
            "… and each runs a service whose configuration lists all five",
            Goal.listed(ALL, ALL),
            "start + up to %s".formatted(seconds(period.multipliedBy(2).plus(SPREAD))),
            START.plus(period.multipliedBy(4L * PATIENCE)).plus(SPREAD)),
        new Step(
            new Act.Wait(),
            "… and has elected a leader, whom a service on each of them follows",
            Goal.led(ALL),
            "at once after that",
            START.plus(period.multipliedBy(4L * PATIENCE)).plus(SPREAD).plus(SPREAD)),
        new Step(
            new Act.Kill('D'),
            "D is killed: suspect everywhere",
            Goal.passed(survivors, "D", Health.SUSPECT),
            "%s to %s, usually %s"
                .formatted(
                    seconds(period),
                    seconds(suspectMax),
                    seconds(pass.dividedBy(others + 1).plus(period))),
            suspectMax.plus(SPREAD).multipliedBy(PATIENCE)),
        new Step(
            new Act.Wait(),
            "… and the others' services are reconfigured without D",
            Goal.listed(survivors, survivors),
            "at once after that",
            suspectMax.plus(SPREAD).plus(SPREAD).multipliedBy(PATIENCE)),
        new Step(
            new Act.Wait(),
            "… then confirmed everywhere (since the kill)",
            Goal.now(survivors, "D", Health.CONFIRMED),
            "%s to %s, usually %s"
                .formatted(
                    seconds(confirmedMin),
                    seconds(confirmedMax),
                    seconds(pass.dividedBy(others + 1).plus(confirmedMin))),
            confirmedMax.plus(SPREAD).multipliedBy(PATIENCE)),
        new Step(
            new Act.Revive('D'),
            "D returns: alive everywhere",
            Goal.now(ALL, ALL, Health.ALIVE),
            "start + up to %s".formatted(seconds(period.plus(SPREAD))),
            START.plus(pass.plus(SPREAD).multipliedBy(PATIENCE))),
        new Step(
            new Act.Wait(),
            "… and on every list again",
            Goal.listed(ALL, ALL),
            "start + up to %s".formatted(seconds(period.plus(SPREAD).plus(SPREAD))),
            START.plus(pass.plus(SPREAD).multipliedBy(PATIENCE)).plus(SPREAD)),
        new Step(
            new Act.Split(),
            "split AB | CDE: AB hold C D E confirmed",
            Goal.now(LEFT, RIGHT, Health.CONFIRMED),
            "%s to %s".formatted(seconds(confirmedMin), seconds(confirmedMax)),
            confirmedMax.plus(SPREAD).multipliedBy(PATIENCE)),
        new Step(
            new Act.Wait(),
            "… and C D E hold A B confirmed (since the split)",
            Goal.now(RIGHT, LEFT, Health.CONFIRMED),
            "%s to %s".formatted(seconds(confirmedMin), seconds(confirmedMax)),
            confirmedMax.plus(SPREAD).multipliedBy(PATIENCE)),
        new Step(
            new Act.Heal(),
            "healed, found again through the permanent peers: alive everywhere",
            Goal.now(ALL, ALL, Health.ALIVE),
            "up to %s, usually %s"
                .formatted(
                    seconds(contactMax.plus(SPREAD)),
                    seconds(
                        Duration.ofNanos(Math.round(period.toNanos() / (1 + ALL.length() / 2.0))))),
            contactMax.plus(pass).plus(SPREAD).multipliedBy(PATIENCE)),
        new Step(
            new Act.Stop('E'),
            "E is stopped in order: departed everywhere",
            Goal.now("ABCD", "E", Health.DEPARTED),
            "up to %s".formatted(seconds(Duration.ofSeconds(1).plus(SPREAD))),
            START.plus(SPREAD.multipliedBy(PATIENCE))),
        new Step(
            new Act.Wait(),
            "… and off every list",
            Goal.listed("ABCD", "ABCD"),
            "at once after that",
            START.plus(SPREAD.multipliedBy(PATIENCE)).plus(SPREAD)),
        new Step(
            new Act.KillLeader(),
            "the leader is killed: the others follow another one",
            Goal.led("ABCD"),
            "as confirmed: %s to %s".formatted(seconds(confirmedMin), seconds(confirmedMax)),
            confirmedMax.plus(SPREAD).multipliedBy(PATIENCE)));
  }

  static String seconds(Duration duration) {
    return "%d.%d s".formatted(duration.toSeconds(), duration.toMillisPart() / 100);
  }
}
