package dev.monarch.ring;

import dev.monarch.butterfly.Input;
import dev.monarch.butterfly.Output;
import dev.monarch.butterfly.View;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The one thread that owns a member's machine.
 *
 * <p>It takes inputs one by one, hands them in with the time, and has the outputs carried out in
 * order before it takes the next. It wakes up at the machine's next deadline. Whatever an input
 * makes the machine throw, the loop counts it, reports it and goes on: one strange message must not
 * cost the ring a member.
 */
final class Loop {
  /** The machine as the loop sees it. */
  interface Machine {
    List<Output> handle(Input input, long nowNanos);

    long nextDeadlineNanos();

    View view();
  }

  /** What carries out outputs, on the loop's thread. It must not wait for the loop. */
  interface Hands {
    void carryOut(Output output);

    /** The machine or the hands failed on something. */
    void failed(String what, Throwable cause, long times);
  }

  private sealed interface Work {
    record Step(Input input) implements Work {}

    record Look(CompletableFuture<View> seen) implements Work {}

    record Stop() implements Work {}
  }

  /** When to look again if the machine cannot say. */
  private static final long UNKNOWN_DEADLINE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Machine machine;
  private final long originNanos;
  private final InputQueue<Work> queue = new InputQueue<>();
  private final AtomicLong failures = new AtomicLong();
  private final CompletableFuture<View> last = new CompletableFuture<>();

  /**
   * @param originNanos what {@link System#nanoTime()} told at the machine's time zero
   */
  Loop(Machine machine, long originNanos) {
    this.machine = machine;
    this.originNanos = originNanos;
  }

  /** Begins to take inputs; what was put in before is waiting. */
  void start(String threadName, Hands hands) {
    Thread.ofPlatform().daemon().name(threadName).start(() -> run(hands));
  }

  /** False if there is no room; the datagram is lost then, as the network may lose it. */
  boolean offerDatagram(Input.DatagramHeard input) {
    return queue.offerDatagram(new Work.Step(input));
  }

  /** Waits for room. */
  void putRumor(Input.RumorHeard input) {
    queue.putRumor(new Work.Step(input));
  }

  /** Always finds room; ignored after the end. */
  void putControl(Input input) {
    queue.putControl(new Work.Step(input));
  }

  /** What the machine shows after all control inputs put in before; after the end, the last. */
  View view() {
    CompletableFuture<View> seen = new CompletableFuture<>();
    return queue.putControl(new Work.Look(seen)) ? seen.join() : last.join();
  }

  /** Inputs that something failed on. */
  long failures() {
    return failures.get();
  }

  /** Ends the thread after what was put in before, and gives the last view. */
  View stop() {
    queue.putControl(new Work.Stop());
    return last.join();
  }

  private void run(Hands hands) {
    try {
      boolean more = true;
      while (more) {
        more = turn(hands);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; if somebody does, it ends as if stopped.
    } finally {
      finish();
    }
  }

  private boolean turn(Hands hands) throws InterruptedException {
    long now = now();
    long deadline = deadline(now, hands);
    boolean due = deadline <= now;
    if (due) {
      step(new Input.TimePassed(), hands);
    }
    long wait = due ? 0 : Math.min(deadline - now, InputQueue.FOREVER_NANOS);
    Optional<Work> work = queue.take(wait);
    return work.isEmpty() || perform(work.get(), hands);
  }

  private long deadline(long now, Hands hands) {
    try {
      return machine.nextDeadlineNanos();
    } catch (RuntimeException | Error e) {
      failed("deadline", e, hands);
      return now + UNKNOWN_DEADLINE_NANOS;
    }
  }

  private boolean perform(Work work, Hands hands) {
    return switch (work) {
      case Work.Step(Input input) -> {
        step(input, hands);
        yield true;
      }
      case Work.Look(CompletableFuture<View> seen) -> {
        look(seen);
        yield true;
      }
      case Work.Stop() -> false;
    };
  }

  private void step(Input input, Hands hands) {
    try {
      for (Output output : machine.handle(input, now())) {
        carryOut(output, hands);
      }
    } catch (RuntimeException | Error e) {
      failed(input.getClass().getSimpleName(), e, hands);
    }
  }

  private void carryOut(Output output, Hands hands) {
    try {
      hands.carryOut(output);
    } catch (RuntimeException | Error e) {
      failed(output.getClass().getSimpleName(), e, hands);
    }
  }

  private void failed(String what, Throwable cause, Hands hands) {
    hands.failed(what, cause, failures.incrementAndGet());
  }

  private void look(CompletableFuture<View> seen) {
    try {
      seen.complete(machine.view());
    } catch (RuntimeException | Error e) {
      seen.completeExceptionally(e);
    }
  }

  private void finish() {
    List<Work> left = queue.close();
    look(last);
    for (Work work : left) {
      if (work instanceof Work.Look(CompletableFuture<View> seen)) {
        look(seen);
      }
    }
  }

  /** Now, on the machine's clock. By any thread. */
  long now() {
    return System.nanoTime() - originNanos;
  }
}
