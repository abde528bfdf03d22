package dev.monarch.supervisor.manager;

import static dev.monarch.supervisor.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class LoopTest {
  @Test
  void aTaskThatFailsKeepsNeitherTheNextOneNorTheTurnFromComing() {
    List<String> happened = new CopyOnWriteArrayList<>();
    var loop =
        new Loop(
            "test",
            new Loop.Owner() {
              @Override
              public void turn(long nowNanos) {
                happened.add("turn");
              }

              @Override
              public long nextDeadlineNanos() {
                return Long.MAX_VALUE;
              }

              @Override
              public void failed(Throwable cause) {
                happened.add("failed: " + cause.getMessage());
              }
            });
    loop.post(
        () -> {
          throw new IllegalStateException("defect");
        });
    loop.post(() -> happened.add("next"));
    loop.start();
    eventually(() -> List.copyOf(happened), all -> all.contains("turn"));
    assertThat(happened).containsExactly("failed: defect", "next", "turn");
    loop.end();
  }
}
