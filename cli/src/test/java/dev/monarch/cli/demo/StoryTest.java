package dev.monarch.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.Settings;
import dev.monarch.wire.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StoryTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  /** A stage whose members log what a script says, some seconds after each act. */
  private static final class Script implements Stage {
    private final List<String> lines = new ArrayList<>();
    private final List<Act> played = new ArrayList<>();
    private final Beliefs beliefs = new Beliefs();
    private Instant now = START;
    private int read;
    private Optional<String> broken = Optional.empty();

    Script() {
      for (char letter : letters("ABCDE")) {
        beliefs.named(id(letter), letter);
      }
    }

    private static String id(char letter) {
      return ("" + letter).repeat(32).toLowerCase(Locale.ROOT);
    }

    /** Seconds since the start, then whose service goes by whom. */
    void list(double seconds, String observers, String members) {
      Instant at = START.plusMillis(Math.round(seconds * 1000));
      for (char observer : letters(observers)) {
        lines.add(
            observer
                + " "
                + at
                + " "
                + letters(members).stream().map(Script::id).collect(Collectors.joining(",")));
      }
    }

    /** Seconds since the start, then whose service follows whom. */
    void lead(double seconds, String observers, char leader) {
      Instant at = START.plusMillis(Math.round(seconds * 1000));
      for (char observer : letters(observers)) {
        lines.add(observer + " " + at + " >" + id(leader));
      }
    }

    /** Seconds since the start, then who sees whom become what. */
    void line(double seconds, String observers, String subjects, Health to) {
      Instant at = START.plusMillis(Math.round(seconds * 1000));
      for (char observer : letters(observers)) {
        for (char subject : letters(subjects)) {
          lines.add(
              observer
                  + " "
                  + at
                  + " {\"at_ns\":1,\"at\":\"%s\",\"member\":\"%s\",\"name\":\"x\",\"from\":null,\"to\":\"%s\",\"incarnation\":0}"
                      .formatted(at, id(subject), to.name().toLowerCase(Locale.ROOT)));
        }
      }
    }

    @Override
    public void play(Act act) {
      played.add(act);
      switch (act) {
        case Act.Kill kill -> beliefs.gone(kill.member());
        case Act.Stop stop -> beliefs.gone(stop.member());
        case Act.KillLeader _ -> beliefs.leader().ifPresent(beliefs::gone);
        case Act.Revive revive -> beliefs.forgetAllOf(revive.member());
        case Act.StartAll _, Act.Freeze _, Act.Split _, Act.Heal _, Act.Wait _ -> {}
      }
    }

    @Override
    public Beliefs look() {
      while (read < lines.size()) {
        String[] parts = lines.get(read).split(" ", 3);
        if (Instant.parse(parts[1]).isAfter(now)) {
          break;
        }
        char observer = parts[0].charAt(0);
        if (parts[2].startsWith("{")) {
          beliefs.heard(observer, RingLogLine.parse(parts[2]).orElseThrow());
        } else if (parts[2].startsWith(">")) {
          beliefs.led(observer, List.of(parts[2].substring(1)), Instant.parse(parts[1]));
        } else {
          beliefs.listed(observer, List.of(parts[2].split(",", -1)), Instant.parse(parts[1]));
        }
        read++;
      }
      return beliefs;
    }

    @Override
    public Optional<String> broken() {
      return broken;
    }

    @Override
    public Instant now() {
      return now;
    }

    @Override
    public void pause() {
      now = now.plusMillis(50);
    }
  }

  private static List<Character> letters(String text) {
    return text.chars().mapToObj(letter -> (char) letter).toList();
  }

  private final List<String> told = new ArrayList<>();

  private boolean tell(Script script) throws InterruptedException {
    return new StoryTeller(script, told::add).tell(Story.steps(Settings.stock()));
  }

  private static Script untilTheKill() {
    Script script = new Script();
    script.line(1.5, "ABCDE", "ABCDE", Health.ALIVE);
    script.list(1.5, "ABCDE", "ABCDE");
    script.lead(1.5, "ABCDE", 'E');
    script.line(7.5, "ABCE", "D", Health.SUSPECT);
    script.list(7.6, "ABC", "ABCE");
    script.list(7.7, "E", "ABCE");
    script.line(16.9, "ABC", "D", Health.CONFIRMED);
    return script;
  }

  @Test
  void aStoryThatComesTrueIsToldWithItsTimes() throws InterruptedException {
    Script script = untilTheKill();
    script.line(17.0, "E", "D", Health.CONFIRMED);
    script.line(19.0, "ABCE", "D", Health.ALIVE);
    script.line(19.0, "D", "ABCE", Health.ALIVE);
    script.list(19.5, "ABCDE", "ABCDE");
    script.line(25.0, "AB", "CDE", Health.SUSPECT);
    script.line(26.0, "CDE", "AB", Health.SUSPECT);
    script.line(35.0, "AB", "CDE", Health.CONFIRMED);
    script.line(36.0, "CDE", "AB", Health.CONFIRMED);
    script.line(40.0, "AB", "CDE", Health.ALIVE);
    script.line(41.0, "CDE", "AB", Health.ALIVE);
    script.line(42.0, "ABCD", "E", Health.DEPARTED);
    script.list(42.5, "ABCD", "ABCD");
    script.lead(42.5, "ABCD", 'C');
    script.lead(57.0, "AB", 'B');
    script.lead(57.5, "D", 'B');
    assertThat(tell(script)).as("%s", told).isTrue();
    assertThat(script.played)
        .containsExactly(
            new Act.StartAll(),
            new Act.Kill('D'),
            new Act.Revive('D'),
            new Act.Split(),
            new Act.Heal(),
            new Act.Stop('E'),
            new Act.KillLeader());
    assertThat(told).hasSize(15);
    assertThat(told.get(1)).contains("every one sees the others alive").contains(" 1.50 s");
    assertThat(told.get(2)).contains("lists all five").contains(" 1.50 s");
    assertThat(told.get(3)).contains("elected a leader").contains(" 1.50 s");
    // Since the kill at 1.5.
    assertThat(told.get(4)).contains("suspect everywhere").contains(" 6.00 s");
    assertThat(told.get(5)).contains("reconfigured without D").contains(" 6.20 s");
    assertThat(told.get(6)).contains("confirmed everywhere").contains(" 15.50 s");
    assertThat(told.get(7)).contains(" 2.00 s");
    assertThat(told.get(8)).contains("on every list again").contains(" 2.50 s");
    assertThat(told.getLast()).contains("follow another one").contains(" 15.00 s");
  }

  @Test
  void aStepThatDoesNotComeTrueEndsTheStoryAndNamesWhoIsMissing() throws InterruptedException {
    Script script = untilTheKill();
    assertThat(tell(script)).isFalse();
    assertThat(told.getLast())
        .startsWith("NOT TRUE: … then confirmed everywhere")
        .endsWith("still missing: E holds D suspect");
    assertThat(script.played).containsExactly(new Act.StartAll(), new Act.Kill('D'));
  }

  @Test
  void whoNeverHeardOfAMemberIsMissingToo() throws InterruptedException {
    Script script = new Script();
    script.line(1, "ABCD", "ABCDE", Health.ALIVE);
    script.line(1, "E", "ABC", Health.ALIVE);
    assertThat(tell(script)).isFalse();
    assertThat(told.getLast()).endsWith("still missing: E does not know D");
  }

  @Test
  void aSupervisorThatEndsByItselfEndsTheStoryAtOnce() throws InterruptedException {
    Script script = new Script();
    script.broken = Optional.of("Supervisor B ended with exit code 86: address in use");
    assertThat(tell(script)).isFalse();
    assertThat(told.getLast()).contains("Supervisor B ended");
    assertThat(script.now).isEqualTo(START);
  }

  @Test
  void aServiceThatWasNotReconfiguredIsMissing() throws InterruptedException {
    Script script = new Script();
    script.line(1.5, "ABCDE", "ABCDE", Health.ALIVE);
    script.list(1.5, "ABCDE", "ABCDE");
    script.lead(1.5, "ABCDE", 'E');
    script.line(7.5, "ABCE", "D", Health.SUSPECT);
    script.list(7.6, "ABC", "ABCE");
    assertThat(tell(script)).isFalse();
    assertThat(told.getLast()).endsWith("still missing: the service on E goes by ABCDE");
  }

  @Test
  void suspicionThatWasConfirmedSinceStillCounts() {
    Script script = new Script();
    script.line(1, "A", "D", Health.SUSPECT);
    script.line(2, "A", "D", Health.CONFIRMED);
    script.now = START.plusSeconds(3);
    Goal suspected = Goal.passed("A", "D", Health.SUSPECT);
    assertThat(suspected.reached(script.look(), START)).contains(START.plusSeconds(1));
    assertThat(suspected.reached(script.look(), START.plusMillis(1500)))
        .as("worse is enough")
        .contains(START.plusSeconds(2));
    assertThat(Goal.now("A", "D", Health.SUSPECT).reached(script.look(), START)).isEmpty();
  }

  @Test
  void aBeliefHeldSinceBeforeTheStepIsReachedAtItsBeginning() {
    Script script = new Script();
    script.line(1, "A", "D", Health.ALIVE);
    script.line(2, "A", "D", Health.ALIVE);
    script.now = START.plusSeconds(3);
    Instant began = START.plusSeconds(3);
    assertThat(Goal.now("A", "D", Health.ALIVE).reached(script.look(), began)).contains(began);
  }

  @Test
  void theCalculationIsThatOfTheSpecification() {
    List<Story.Step> steps = Story.steps(Settings.stock());
    // 3.1 s a probe, four others, 9.3 s of suspicion looked at each 0.5 s.
    assertThat(steps.get(3).calculated()).isEqualTo("3.1 s to 24.8 s, usually 5.5 s");
    assertThat(steps.get(5).calculated()).isEqualTo("12.4 s to 34.6 s, usually 14.8 s");
    assertThat(steps.get(10).calculated()).isEqualTo("up to 14.3 s, usually 0.8 s");
    assertThat(steps).allSatisfy(s -> assertThat(s.deadline()).isLessThan(Duration.ofMinutes(2)));
  }

  @Test
  void linesOfUnknownMembersWaitUntilTheyHaveALetter() {
    Beliefs beliefs = new Beliefs();
    var line = new RingLogLine(START, "id-of-b", Optional.empty(), Health.ALIVE, "0");
    assertThat(beliefs.heard('A', line)).isEmpty();
    assertThat(beliefs.named("id-of-b", 'B')).hasSize(1);
    assertThat(beliefs.about('A', 'B')).isPresent();
    assertThat(beliefs.named("id-of-b", 'B')).isEmpty();
  }

  @Test
  void whoBeginsAnewHasForgottenEverything() {
    Beliefs beliefs = new Beliefs();
    beliefs.named("id-of-b", 'B');
    beliefs.heard('A', new RingLogLine(START, "id-of-b", Optional.empty(), Health.ALIVE, "0"));
    beliefs.heard('C', new RingLogLine(START, "id-of-b", Optional.empty(), Health.ALIVE, "0"));
    beliefs.forgetAllOf('A');
    assertThat(beliefs.about('A', 'B')).isEmpty();
    assertThat(beliefs.about('C', 'B')).isPresent();
  }

  @Test
  void aTornOrForeignLogLineIsPassedOver() {
    for (String line :
        List.of(
            "",
            "{",
            "[]",
            "{}",
            "{\"at\":\"2026-01-02T03:04:05Z\",\"member\":\"a\",\"to\":\"fine\"}",
            "{\"at\":\"yesterday\",\"member\":\"a\",\"to\":\"alive\"}")) {
      assertThat(RingLogLine.parse(line)).as(line).isEmpty();
    }
    assertThat(
            RingLogLine.parse(
                "{\"at_ns\":7,\"at\":\"2026-01-02T03:04:05Z\",\"member\":\"a\",\"name\":\"x\",\"from\":\"suspect\",\"to\":\"confirmed\",\"incarnation\":18446744073709551614}"))
        .contains(
            new RingLogLine(
                START, "a", Optional.of(Health.SUSPECT), Health.CONFIRMED, "18446744073709551614"));
  }

  @Test
  void thePictureShowsWhoBelievesWhatWithoutColoursIfNoneAreWanted() {
    Beliefs beliefs = new Beliefs();
    beliefs.named("id-of-a", 'A');
    beliefs.named("id-of-b", 'B');
    List<Beliefs.Change> changes =
        beliefs.heard(
            'A', new RingLogLine(START, "id-of-b", Optional.of(Health.ALIVE), Health.SUSPECT, "2"));
    Seat a = new Seat('A', "127.0.77.1", 9638, 9631, 9632, true, "BC");
    Seat b = new Seat('B', "127.0.77.2", 9638, 9631, 9632, true, "AC");
    List<String> lines =
        new Picture(false)
            .lines(
                List.of(
                    new Picture.Row(a, DemoMember.State.RUNNING),
                    new Picture.Row(b, DemoMember.State.FROZEN)),
                beliefs,
                changes,
                'B',
                true);
    assertThat(lines.getFirst()).contains("split AB | CDE");
    assertThat(lines).anyMatch(l -> l.matches(" {2}A 127\\.0\\.77\\.1:9638 +running +· +suspect"));
    assertThat(lines).anyMatch(l -> l.startsWith("> B 127.0.77.2:9638") && l.contains("frozen"));
    assertThat(lines).anyMatch(l -> l.endsWith("A: B alive -> suspect"));
    assertThat(lines).noneMatch(l -> l.contains("\u001b"));
  }
}
