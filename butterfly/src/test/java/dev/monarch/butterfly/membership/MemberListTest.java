package dev.monarch.butterfly.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.Settings;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MemberListTest {
  private static Membership confirmed(long incarnation) {
    return new Membership(Member.of("a", incarnation, "10.0.0.1", 9638), Health.CONFIRMED);
  }

  @Test
  void newsWithEverHigherIncarnationsDoesNotPileUpTimers() {
    MemberList list = new MemberList(Settings.stock(), "self");
    for (int i = 0; i < 100_000; i++) {
      assertThat(list.hearsay(confirmed(i), i)).isPresent();
      assertThat(list.timers()).isLessThan(1100);
    }

    assertThat(list.expire(Duration.ofDays(3).toNanos())).isEmpty();
    assertThat(list.expire(Duration.ofDays(3).toNanos() + 99_999))
        .singleElement()
        .satisfies(change -> assertThat(change.after().health()).isEqualTo(Health.DEPARTED));
    assertThat(list.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
  }
}
