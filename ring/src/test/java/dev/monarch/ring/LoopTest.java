package dev.monarch.ring;

import static dev.monarch.ring.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.Input;
import dev.monarch.butterfly.Output;
import dev.monarch.butterfly.RingState;
import dev.monarch.butterfly.View;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Member;
import dev.monarch.wire.Swim;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class LoopTest {
  private static final View VIEW =
      new View(
          Member.of("a".repeat(32), 0, "", 9638),
          RingState.EMPTY,
          Map.of(),
          Map.of(),
          Collections.emptySortedMap(),
          Collections.emptySortedMap(),
          Collections.emptySortedMap(),
          false);

  /** Echoes departures as closed links, fails on the id "bad", and has one deadline. */
  private static final class Echo implements Loop.Machine {
    final List<Input> inputs = new CopyOnWriteArrayList<>();
    volatile long deadline = Long.MAX_VALUE;

    @Override
    public List<Output> handle(Input input, long nowNanos) {
      inputs.add(input);
      deadline = Long.MAX_VALUE;
      if (input instanceof Input.Depart(String id)) {
        if (id.equals("bad")) {
          throw new StackOverflowError("on purpose");
        }
        return List.of(new Output.CloseLink(id), new Output.StoreIncarnation(1));
      }
      return List.of();
    }

    @Override
    public long nextDeadlineNanos() {
      return deadline;
    }

    @Override
    public View view() {
      return VIEW;
    }
  }

  private static final class Notes implements Loop.Hands {
    final List<Output> outputs = new CopyOnWriteArrayList<>();
    final List<String> failures = new CopyOnWriteArrayList<>();

    @Override
    public void carryOut(Output output) {
      if (output.equals(new Output.CloseLink("broken hands"))) {
        throw new IllegalStateException("on purpose");
      }
      outputs.add(output);
    }

    @Override
    public void failed(String what, Throwable cause, long times) {
      failures.add(what);
    }
  }

  private final Echo machine = new Echo();
  private final Notes notes = new Notes();
  private final Loop loop = new Loop(machine, System.nanoTime());

  @Test
  void outputsAreCarriedOutInOrderWhateverFails() {
    loop.start("test", notes);
    loop.putControl(new Input.Depart("one"));
    loop.putControl(new Input.Depart("bad"));
    loop.putControl(new Input.Depart("broken hands"));
    loop.putControl(new Input.Depart("two"));
    assertThat(loop.view()).isEqualTo(VIEW);
    assertThat(notes.outputs)
        .containsExactly(
            new Output.CloseLink("one"),
            new Output.StoreIncarnation(1),
            new Output.StoreIncarnation(1),
            new Output.CloseLink("two"),
            new Output.StoreIncarnation(1));
    assertThat(notes.failures).containsExactly("Depart", "CloseLink");
    assertThat(loop.failures()).isEqualTo(2);
    loop.stop();
  }

  @Test
  void theMachineIsWokenAtItsDeadlineAndNotBefore() {
    machine.deadline = 50_000_000;
    loop.start("test", notes);
    eventually(() -> machine.inputs, List.of(new Input.TimePassed())::equals);
    loop.stop();
    assertThat(machine.inputs).hasSize(1);
  }

  @Test
  void afterTheEndTheLastViewRemains() {
    loop.start("test", notes);
    assertThat(loop.stop()).isEqualTo(VIEW);
    assertThat(loop.stop()).isEqualTo(VIEW);
    assertThat(loop.view()).isEqualTo(VIEW);
    loop.putControl(new Input.Depart("late"));
    assertThat(loop.offerDatagram(heard())).isFalse();
    assertThat(machine.inputs).isEmpty();
  }

  private static Input.DatagramHeard heard() {
    return new Input.DatagramHeard(
        new Endpoint("127.0.0.1", 1), new Swim.ProbePing(Member.of("b".repeat(32), 0, "", 9638)));
  }
}
