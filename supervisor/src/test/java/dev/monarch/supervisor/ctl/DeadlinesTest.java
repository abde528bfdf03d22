package dev.monarch.supervisor.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  private static final Duration LONG = Duration.ofHours(1);

  @Test
  void whatTakesTooLongIsCutOffAndWhatIsDoneIsNot() throws Exception {
    try (var deadlines = new Deadlines()) {
      var late = new CountDownLatch(1);
      var done = new AtomicBoolean();
      deadlines.within(Duration.ofSeconds(3), () -> done.set(true)).close();
      deadlines.within(Duration.ofMillis(3100), late::countDown);
      assertThat(late.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(done).isFalse();
    }
  }

  @Test
  void afterTheEndNothingIsCutOffAndNobodyIsDisturbed() {
    var deadlines = new Deadlines();
    deadlines.close();
    var cut = new AtomicBoolean();
    deadlines.within(LONG, () -> cut.set(true)).close();
    assertThat(cut).isFalse();
  }
}
