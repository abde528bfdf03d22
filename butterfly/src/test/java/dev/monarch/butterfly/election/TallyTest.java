package dev.monarch.butterfly.election;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How the time without a leader is counted. */
class TallyTest {
  private static long at(int millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  @Test
  void anElectionCountsFromItsBeginToItsEndHoweverOftenItMoves() {
    Tally tally = Tally.NOTHING.opened(at(100)).opened(at(500)).finished(at(400 + 700));

    assertThat(tally.counts().get(Tally.BOUNDS.indexOf(Duration.ofSeconds(1)))).isEqualTo(1);
    assertThat(tally.counts().stream().mapToLong(Long::longValue).sum()).isEqualTo(1);
    assertThat(tally.withoutLeader(at(90_000))).isEqualTo(Duration.ofSeconds(1));
    assertThat(tally.openNanos()).isEqualTo(OptionalLong.empty());
  }

  @Test
  void theTimeOfAnElectionThatIsUnderWayGrows() {
    Tally tally = Tally.NOTHING.opened(at(0)).finished(at(2_000)).opened(at(10_000));

    assertThat(tally.withoutLeader(at(13_000))).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void whatTookLongerThanTheGreatestClassIsInTheLastOne() {
    Tally tally = Tally.NOTHING.opened(at(0)).finished(at(60_001));

    assertThat(tally.counts().getLast()).isEqualTo(1);
  }

  @Test
  void anElectionThatIsFinishedWhenItIsFirstHeardOfIsNotCounted() {
    assertThat(Tally.NOTHING.finished(at(5))).isEqualTo(Tally.NOTHING);
  }
}
