package dev.monarch.bench;

import dev.monarch.butterfly.Butterfly;
import dev.monarch.butterfly.Identity;
import dev.monarch.butterfly.Input;
import dev.monarch.butterfly.Output;
import dev.monarch.butterfly.RingState;
import dev.monarch.butterfly.Settings;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Swim;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * How many inputs a second one machine handles in a ring whose other members are played here.
 *
 * <p>Every {@value #STEP_NANOS} ns of the machine's time some member pings it, with six memberships
 * riding along; whatever the machine sends is answered at once, and every push succeeds. Each of
 * these is one step. In a quiet ring nothing is new; in a restless one every thousandth ping tells
 * that its sender has a new incarnation, and the machine has to tell everybody.
 */
final class MachineBench {
  private static final long STEP_NANOS = 100_000;
  private static final int NEWS_EVERY = 1000;
  private static final int RIDING = 6;

  private MachineBench() {}

  static String run() {
    Table table = new Table("ring of", "quiet, steps / s", "restless, steps / s");
    for (int members : List.of(5, 128, 1000)) {
      table.row(
          String.valueOf(members),
          Figures.perSecond(Rounds.perSecond(new Surroundings(members, false)::repeat)),
          Figures.perSecond(Rounds.perSecond(new Surroundings(members, true)::repeat)));
    }
    return table.text();
  }

  /** All that is around one machine. */
  static final class Surroundings {
    private final boolean restless;
    private final SplittableRandom random = new SplittableRandom(1);
    private final List<Member> others = new ArrayList<>();
    private final Map<String, Integer> placeByAddress = new HashMap<>();
    private final Butterfly machine;
    private final ArrayDeque<Input> waiting = new ArrayDeque<>();
    private long now;
    private long pings;

    Surroundings(int members, boolean restless) {
      this.restless = restless;
      for (int i = 1; i < members; i++) {
        Member member = WireBench.member(i).withIncarnation(0);
        placeByAddress.put(member.address(), others.size());
        others.add(member);
      }
      Member self = WireBench.member(0);
      Settings settings = restless ? Settings.stock() : QuietRing.settings();
      machine =
          new Butterfly(
              new Identity(
                  self.id(),
                  0,
                  self.swimPort(),
                  self.gossipPort(),
                  false,
                  Optional.of(self.address()),
                  true),
              settings,
              restless
                  ? RingState.EMPTY
                  : new RingState(
                      others.stream().map(other -> new Membership(other, Health.ALIVE)).toList(),
                      List.of(),
                      List.of(),
                      List.of(),
                      List.of(),
                      List.of(),
                      List.of()),
              random,
              0);
    }

    long repeat(int steps) {
      long outputs = 0;
      for (int i = 0; i < steps; i++) {
        Input input = waiting.isEmpty() ? somebodyPings() : waiting.remove();
        List<Output> done = machine.handle(input, now);
        outputs += done.size();
        done.forEach(this::carryOut);
      }
      return outputs;
    }

    long aliveOthers() {
      return machine.view().state().members().stream()
          .filter(held -> held.health() == Health.ALIVE)
          .filter(held -> placeByAddress.containsKey(held.member().address()))
          .count();
    }

    private Input somebodyPings() {
      now += STEP_NANOS;
      pings++;
      int place = random.nextInt(others.size());
      if (restless && pings % NEWS_EVERY == 0) {
        Member other = others.get(place);
        others.set(place, other.withIncarnation(other.incarnation() + 1));
      }
      Member sender = others.get(place);
      List<Membership> riding = new ArrayList<>(RIDING);
      for (int i = 0; i < RIDING; i++) {
        Member other = others.get(random.nextInt(others.size()));
        riding.add(new Membership(other, Health.ALIVE));
      }
      return new Input.DatagramHeard(
          sender.swim(), new Swim.Ping(sender.withAddress(""), Optional.empty(), riding));
    }

    private void carryOut(Output output) {
      switch (output) {
        case Output.Send(var to, Swim.Ping ping) -> {
          Integer place = placeByAddress.get(to.address());
          if (place != null) {
            Member answerer = others.get(place).withAddress("");
            waiting.add(
                new Input.DatagramHeard(to, new Swim.Ack(answerer, ping.forwardTo(), List.of())));
          }
        }
        case Output.Push push -> waiting.add(new Input.PushEnded(push.id(), true));
        case Output.Send _, Output.CloseLink _, Output.StoreIncarnation _, Output.Event _ -> {}
      }
    }
  }
}
