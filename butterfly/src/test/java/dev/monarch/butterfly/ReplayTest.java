package dev.monarch.butterfly;

import static dev.monarch.butterfly.Given.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.wire.Bytes;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Envelope;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.DepartureRumor;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.ElectionUpdateRumor;
import dev.monarch.wire.Rumor.MemberRumor;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.RumorCodec;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.Swim;
import dev.monarch.wire.Swim.Ack;
import dev.monarch.wire.Swim.Ping;
import dev.monarch.wire.Swim.PingReq;
import dev.monarch.wire.Swim.ProbePing;
import dev.monarch.wire.SwimCodec;
import dev.monarch.wire.SysInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A member under anything that can be decoded, in any order: it throws nothing, says nothing that
 * harms, asks for time in the future only, and does the same again for the same seed.
 */
class ReplayTest {
  private static final int STEPS = 1500;
  private static final String SELF = id(1);

  /** Hostile and honest inputs over a small world, so that they meet each other. */
  private static final class Chaos {
    private static final List<Long> INCARNATIONS = List.of(0L, 1L, 2L, 3L, -1L, -2L, -3L);
    private static final List<Integer> PORTS = List.of(0, 1, 9638, 65_535);

    private final Random random;
    private final List<Long> pushes = new ArrayList<>();

    Chaos(long seed) {
      random = new Random(seed);
    }

    private <T> T oneOf(List<T> choices) {
      return choices.get(random.nextInt(choices.size()));
    }

    private String someId() {
      return random.nextInt(40) == 0 ? "i".repeat(1 + random.nextInt(1200)) : id(random.nextInt(9));
    }

    private Endpoint place() {
      return new Endpoint("10.0.0." + random.nextInt(9), oneOf(PORTS));
    }

    private Member member(String address) {
      return new Member(
          someId(),
          oneOf(INCARNATIONS),
          address,
          oneOf(PORTS),
          oneOf(PORTS),
          random.nextInt(4) == 0,
          random.nextInt(6) == 0,
          random.nextInt(6) == 0);
    }

    private Member speaker() {
      return member(oneOf(List.of("", "", "10.0.0.3", "host", "::1")));
    }

    private Membership record() {
      Member member = member("10.0.0." + random.nextInt(9));
      return new Membership(
          member.incarnation() == -1 ? member.withIncarnation(-2) : member,
          oneOf(List.of(Health.values())));
    }

    private List<Membership> records() {
      return Stream.generate(this::record).limit(random.nextInt(20)).toList();
    }

    private Optional<Member> maybe() {
      return random.nextInt(3) == 0 ? Optional.of(speaker()) : Optional.empty();
    }

    private Swim swim() {
      return switch (random.nextInt(6)) {
        case 0, 1 -> new Ping(speaker(), maybe(), records());
        case 2, 3 -> new Ack(speaker(), maybe(), records());
        case 4 -> new PingReq(speaker(), speaker(), records());
        default -> new ProbePing(speaker());
      };
    }

    private Election election() {
      return new Election(
          someId(),
          oneOf(List.of("a.b", "c.d", "")),
          oneOf(INCARNATIONS),
          oneOf(INCARNATIONS),
          oneOf(List.of(ElectionStatus.values())),
          Stream.generate(this::someId).limit(random.nextInt(5)).toList());
    }

    private Rumor rumor() {
      ServiceGroup group = new ServiceGroup(oneOf(List.of("a.b", "c.d", "c.d@org")));
      long incarnation = oneOf(INCARNATIONS);
      Bytes bytes = Bytes.utf8("x".repeat(random.nextInt(50)));
      return switch (random.nextInt(7)) {
        case 0 -> new MemberRumor(someId(), record());
        case 1 ->
            new ServiceRumor(
                someId(),
                someId(),
                group,
                incarnation,
                false,
                "pkg",
                bytes,
                new SysInfo("", "", "", -1, "", 0, "", 0),
                incarnation);
        case 2 -> new ServiceConfigRumor(someId(), group, incarnation, true, bytes);
        case 3 -> new ServiceFileRumor(someId(), group, incarnation, false, someId(), bytes);
        case 4 -> new ElectionRumor(election());
        case 5 -> new ElectionUpdateRumor(election());
        default -> new DepartureRumor(someId(), id(2 + random.nextInt(7)));
      };
    }

    Input input() {
      return switch (random.nextInt(20)) {
        case 0 -> new Input.LinkLost(someId());
        case 1 ->
            new Input.PeersKnown(Stream.generate(this::place).limit(random.nextInt(3)).toList());
        case 2 -> new Input.Block(random.nextInt(4) == 0 ? Set.of(id(3)) : Set.of());
        case 3 -> new Input.Publish(rumor());
        case 4, 5 -> new Input.TimePassed();
        case 6, 7, 8 ->
            pushes.isEmpty()
                ? new Input.TimePassed()
                : new Input.PushEnded(pushes.removeFirst(), random.nextInt(3) > 0);
        case 9, 10, 11, 12 -> new Input.RumorHeard(rumor());
        default -> new Input.DatagramHeard(place(), swim());
      };
    }
  }

  static Stream<Long> seeds() {
    return new Random(7).longs(8).boxed();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whateverIsHeardHarmsNobodyAndHappensTheSameWayAgain(long seed) {
    List<Output> first = live(seed);

    assertThat(live(seed)).isEqualTo(first);
    assertThat(first).hasSizeGreaterThan(STEPS / 2);
  }

  private static List<Output> live(long seed) {
    Chaos chaos = new Chaos(seed);
    Random random = new Random(~seed);
    boolean sealed = random.nextBoolean();
    Optional<String> address = random.nextBoolean() ? Optional.of("10.0.0.1") : Optional.empty();
    Identity identity =
        new Identity(SELF, 2, Given.PORT, Given.PORT, random.nextBoolean(), address, sealed);
    long now = random.nextLong() >> 2;
    Butterfly machine =
        new Butterfly(identity, Settings.stock(), RingState.EMPTY, new Random(seed), now);
    List<Output> all = new ArrayList<>();
    Written written = new Written(2, sealed);
    int leavesAt = STEPS - random.nextInt(STEPS / 4);
    for (int step = 0; step < STEPS; step++) {
      Input input = step == leavesAt ? new Input.Leave() : chaos.input();
      now +=
          random.nextInt(20) == 0 ? random.nextLong(20_000_000_000L) : random.nextInt(90_000_000);
      List<Output> outputs = machine.handle(input, now);
      for (Output output : outputs) {
        written.check(output);
        if (output instanceof Output.Push push) {
          chaos.pushes.add(push.id());
        }
      }
      all.addAll(outputs);
      assertThat(machine.nextDeadlineNanos()).as("deadline after %s", input).isGreaterThan(now);
      assertRecordsAreHarmless(machine.view());
    }
    return all;
  }

  /** Holds what is said against what was written down, and against the rules S1 to S11. */
  private static final class Written {
    private final boolean sealed;
    private long incarnation;

    Written(long incarnation, boolean sealed) {
      this.incarnation = incarnation;
      this.sealed = sealed;
    }

    void check(Output output) {
      switch (output) {
        case Output.StoreIncarnation(long next) -> {
          assertThat(Long.compareUnsigned(next, incarnation)).isNotNegative();
          incarnation = next;
        }
        case Output.Send(_, Swim message) -> {
          assertThat(Envelope.sizeBytes(SwimCodec.encode(message).length, sealed))
              .isLessThanOrEqualTo(Envelope.DATAGRAM_BYTES_MAX);
          if (message.from().id().equals(SELF)) {
            assertThat(message.from().incarnation()).isEqualTo(incarnation);
            assertThat(message.from().address()).isEmpty();
            // What a proxy passes on is not its own word.
            message.membership().forEach(this::check);
          }
        }
        case Output.Push push -> push.rumors().forEach(this::check);
        case Output.CloseLink _, Output.Event _ -> {}
      }
    }

    private void check(Rumor rumor) {
      assertThat(RumorCodec.encode(rumor)).isNotEmpty();
      if (rumor instanceof MemberRumor(String from, Membership membership)) {
        assertThat(from).isEqualTo(SELF);
        check(membership);
      }
    }

    private void check(Membership membership) {
      assertThat(membership.member().probePing()).isFalse();
    }
  }

  private static void assertRecordsAreHarmless(View view) {
    assertThat(view.state().members())
        .extracting(membership -> membership.member().id())
        .isSorted()
        .doesNotHaveDuplicates();
  }
}
