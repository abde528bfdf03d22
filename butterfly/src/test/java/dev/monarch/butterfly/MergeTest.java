package dev.monarch.butterfly;

import static dev.monarch.butterfly.Given.held;
import static dev.monarch.butterfly.Given.ping;
import static dev.monarch.butterfly.Given.rumor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.wire.Health;
import dev.monarch.wire.Membership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What news about others changes (butterfly.md 4.4, 4.5). */
class MergeTest {
  private static final long STORED = 5;
  private static final int CARRIER = 9;
  private static final int SUBJECT = 2;

  enum Plane {
    UDP,
    TCP
  }

  /** One cell of the matrix. */
  record Cell(Plane plane, Health stored, Health heard, long incarnation) {
    boolean isAccepted() {
      return incarnation > STORED || (incarnation == STORED && heard.isWorseThan(stored));
    }

    /** Nobody who may be alive is confirmed on hearsay. */
    boolean isVerifiedFirst() {
      return heard == Health.CONFIRMED
          && incarnation >= STORED
          && (stored == Health.ALIVE || stored == Health.SUSPECT);
    }
  }

  static List<Cell> matrix() {
    List<Cell> cells = new ArrayList<>();
    for (Plane plane : Plane.values()) {
      for (Health stored : Health.values()) {
        for (Health heard : Health.values()) {
          for (long incarnation = STORED - 1; incarnation <= STORED + 1; incarnation++) {
            cells.add(new Cell(plane, stored, heard, incarnation));
          }
        }
      }
    }
    return cells;
  }

  @Check("butterfly-38")
  @ParameterizedTest
  @MethodSource("matrix")
  void newsIsBelievedIfItIsNewerOrEquallyNewAndWorse(Cell cell) {
    Story story = new Story();
    TestMember me = story.member(1).start();
    Membership stored = held(SUBJECT, STORED, cell.stored());
    tell(me, cell.plane(), stored);
    assertThat(me.held(SUBJECT)).contains(stored);

    Membership news = held(SUBJECT, cell.incarnation(), cell.heard());
    tell(me, cell.plane(), news);

    if (cell.isVerifiedFirst()) {
      assertThat(me.held(SUBJECT)).contains(stored);
      story.passes(Duration.ofSeconds(1));
      assertThat(me.held(SUBJECT)).contains(news);
    } else {
      assertThat(me.held(SUBJECT)).contains(cell.isAccepted() ? news : stored);
    }
  }

  private static void tell(TestMember me, Plane plane, Membership news) {
    switch (plane) {
      case UDP -> me.hears(CARRIER, ping(CARRIER, 0, news));
      case TCP -> me.hears(rumor(news));
    }
  }

  @Check("butterfly-39")
  @ParameterizedTest
  @EnumSource(names = {"SUSPECT", "CONFIRMED", "DEPARTED"})
  void whoeverPingsIsAliveWhateverWasHeldOfIt(Health stored) {
    for (long incarnation : new long[] {STORED, STORED - 1}) {
      TestMember me = Story.ofOne();
      me.hears(rumor(held(SUBJECT, STORED, stored)));

      me.hears(SUBJECT, ping(SUBJECT, incarnation));

      // The original would take the lower incarnation; keeping the greater one is W15.
      assertThat(me.held(SUBJECT)).contains(held(SUBJECT, STORED, Health.ALIVE));
    }
  }

  @Test
  void aMemberHeardWithAGreaterIncarnationReplacesItsRecord() {
    TestMember me = Story.ofOne();
    me.hears(rumor(held(SUBJECT, STORED, Health.ALIVE)));

    me.hears(7, ping(SUBJECT, STORED + 1));

    assertThat(me.recordOf(SUBJECT))
        .isEqualTo(Given.member(SUBJECT, STORED + 1).withAddress(Given.at(7).address()));
  }

  @Test
  void incarnationsAreComparedUnsigned() {
    TestMember me = Story.ofOne();
    me.hears(rumor(held(SUBJECT, -3, Health.ALIVE)));

    me.hears(rumor(held(SUBJECT, 7, Health.SUSPECT)));

    assertThat(me.held(SUBJECT)).contains(held(SUBJECT, -3, Health.ALIVE));
  }

  @Test
  void aLaterSuspicionStartsTheTimerAgain() {
    Story story = new Story();
    TestMember me = story.member(1).start();
    me.hears(rumor(held(SUBJECT, 0, Health.SUSPECT)));
    story.passes(Duration.ofSeconds(9));
    me.hears(rumor(held(SUBJECT, 1, Health.SUSPECT)));

    story.passes(Duration.ofMillis(9299));
    assertThat(me.healthOf(SUBJECT)).isEqualTo(Health.SUSPECT);
    story.passes(Duration.ofMillis(1));
    assertThat(me.healthOf(SUBJECT)).isEqualTo(Health.CONFIRMED);
  }

  @Test
  void aConfirmedMemberDepartsAfterThreeDays() {
    Story story = new Story();
    TestMember me = story.member(1).start();
    me.hears(rumor(held(SUBJECT, 4, Health.CONFIRMED)));

    story.passes(Duration.ofDays(3).minusNanos(1));
    assertThat(me.healthOf(SUBJECT)).isEqualTo(Health.CONFIRMED);
    story.passes(Duration.ofNanos(1));
    assertThat(me.held(SUBJECT)).contains(held(SUBJECT, 4, Health.DEPARTED));
  }

  @Test
  void whoIsSuspectedAndConfirmedAtTheSameTimeHasThreeDaysAllTheSame() {
    Story story = new Story();
    TestMember me = story.member(1).start();
    me.hears(rumor(held(SUBJECT, 0, Health.ALIVE)));
    me.hears(rumor(held(SUBJECT, 0, Health.CONFIRMED)));
    // The suspicion comes at the very time at which the verification runs out.
    story.passes(Duration.ofSeconds(1).minusNanos(1));
    story.skip(Duration.ofNanos(1));
    me.hears(rumor(held(SUBJECT, 0, Health.SUSPECT)));
    assertThat(me.healthOf(SUBJECT)).isEqualTo(Health.CONFIRMED);

    story.passes(Duration.ofMinutes(1));

    assertThat(me.healthOf(SUBJECT)).isEqualTo(Health.CONFIRMED);
  }
}
