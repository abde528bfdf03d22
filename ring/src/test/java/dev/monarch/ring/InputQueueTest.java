package dev.monarch.ring;

import static dev.monarch.ring.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InputQueueTest {
  private final InputQueue<String> queue = new InputQueue<>(2, 2);

  private List<String> drain() throws InterruptedException {
    List<String> all = new ArrayList<>();
    Optional<String> item = queue.take(0);
    while (item.isPresent()) {
      all.add(item.get());
      item = queue.take(0);
    }
    return all;
  }

  @Test
  void datagramsBeyondTheBoundAreRefusedAndControlNeverIs() throws InterruptedException {
    assertThat(queue.offerDatagram("d1")).isTrue();
    assertThat(queue.offerDatagram("d2")).isTrue();
    assertThat(queue.offerDatagram("d3")).isFalse();
    for (int i = 0; i < 100; i++) {
      assertThat(queue.putControl("c")).isTrue();
    }
    assertThat(queue.size()).isEqualTo(102);
    assertThat(drain()).hasSize(102).startsWith("c").endsWith("d1", "d2");
  }

  @Test
  void datagramsAndRumorsTakeTurns() throws InterruptedException {
    queue.offerDatagram("d1");
    queue.offerDatagram("d2");
    queue.putRumor("r1");
    queue.putRumor("r2");
    assertThat(drain()).containsExactly("d1", "r1", "d2", "r2");
  }

  @Test
  void whoBringsTooManyRumorsWaits() throws InterruptedException {
    queue.putRumor("r1");
    queue.putRumor("r2");
    CompletableFuture<Boolean> third = new CompletableFuture<>();
    Thread bringer = Thread.ofPlatform().start(() -> third.complete(queue.putRumor("r3")));
    eventually(bringer::getState, Thread.State.WAITING::equals);
    assertThat(queue.take(0)).contains("r1");
    assertThat(third.join()).isTrue();
    assertThat(drain()).containsExactly("r2", "r3");
  }

  @Test
  void closingFreesWhoWaitsAndGivesBackControl() throws InterruptedException {
    queue.putRumor("r1");
    queue.putRumor("r2");
    CompletableFuture<Boolean> third = new CompletableFuture<>();
    Thread bringer = Thread.ofPlatform().start(() -> third.complete(queue.putRumor("r3")));
    eventually(bringer::getState, Thread.State.WAITING::equals);
    queue.putControl("c");
    assertThat(queue.close()).containsExactly("c");
    assertThat(third.join()).isFalse();
    assertThat(queue.putControl("c")).isFalse();
    assertThat(queue.offerDatagram("d")).isFalse();
    assertThat(queue.take(InputQueue.FOREVER_NANOS)).isEmpty();
  }
}
