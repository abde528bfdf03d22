package dev.monarch.butterfly;

import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Swim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** A member of a {@link Story}: the machine under test and everything it put out so far. */
final class TestMember {
  /** An output and when it came. */
  record Said(long atNanos, Output output) {}

  /** A datagram sent. */
  record Sent(long atNanos, Endpoint to, Swim message) {}

  /** How a member starts; what is not told is plain. */
  static final class Builder {
    private final Story story;
    private final int number;
    private long incarnation;
    private boolean permanent;
    private boolean addressKnown;
    private boolean sealed;
    private long seed = 1;
    private Settings settings = Settings.stock();
    private RingState restored = RingState.EMPTY;
    private List<Endpoint> peers = List.of();

    Builder(Story story, int number) {
      this.story = story;
      this.number = number;
    }

    Builder incarnation(long value) {
      incarnation = value;
      return this;
    }

    Builder permanent() {
      permanent = true;
      return this;
    }

    Builder knowingItsAddress() {
      addressKnown = true;
      return this;
    }

    Builder sealed() {
      sealed = true;
      return this;
    }

    Builder seed(long value) {
      seed = value;
      return this;
    }

    Builder settings(Settings value) {
      settings = value;
      return this;
    }

    Builder restored(RingState value) {
      restored = value;
      return this;
    }

    /** The numbers of its initial peers. */
    Builder peers(int... numbers) {
      peers = IntStream.of(numbers).mapToObj(Given::at).toList();
      return this;
    }

    TestMember start() {
      Optional<String> address =
          addressKnown ? Optional.of(Given.at(number).address()) : Optional.empty();
      Identity identity =
          new Identity(
              Given.id(number), incarnation, Given.PORT, Given.PORT, permanent, address, sealed);
      Butterfly machine =
          new Butterfly(
              identity, settings, restored, new Random(seed * 1000 + number), story.now());
      TestMember member = new TestMember(story, number, machine);
      story.add(member);
      member.does(new Input.PeersKnown(peers));
      return member;
    }
  }

  private final Story story;
  private final int number;
  private final Butterfly machine;
  private final List<Said> said = new ArrayList<>();

  private TestMember(Story story, int number, Butterfly machine) {
    this.story = story;
    this.number = number;
    this.machine = machine;
  }

  int number() {
    return number;
  }

  String id() {
    return Given.id(number);
  }

  Endpoint at() {
    return Given.at(number);
  }

  long nextDeadlineNanos() {
    return machine.nextDeadlineNanos();
  }

  /** Hands something in now. */
  List<Output> does(Input input) {
    List<Output> outputs = machine.handle(input, story.now());
    for (Output output : outputs) {
      said.add(new Said(story.now(), output));
      story.carryOut(this, output);
    }
    return outputs;
  }

  /** Hears a datagram from a member at its own address. */
  List<Output> hears(int from, Swim message) {
    return hears(Given.at(from), message);
  }

  List<Output> hears(Endpoint source, Swim message) {
    return does(new Input.DatagramHeard(source, message));
  }

  List<Output> hears(Rumor rumor) {
    return does(new Input.RumorHeard(rumor));
  }

  View view() {
    return machine.view();
  }

  RingState state() {
    return view().state();
  }

  Optional<Membership> held(int other) {
    return state().members().stream()
        .filter(membership -> membership.member().id().equals(Given.id(other)))
        .findFirst();
  }

  /** What it believes about another one, which it must know. */
  Health healthOf(int other) {
    return held(other).orElseThrow().health();
  }

  Member recordOf(int other) {
    return held(other).orElseThrow().member();
  }

  long incarnation() {
    return view().self().incarnation();
  }

  /** Forgets what it put out so far. */
  void listenFromHere() {
    said.clear();
  }

  List<Said> said() {
    return List.copyOf(said);
  }

  <T extends Output> List<T> said(Class<T> kind) {
    return said.stream().map(Said::output).filter(kind::isInstance).map(kind::cast).toList();
  }

  List<Sent> sentTo(int other) {
    return sentTo(Given.at(other));
  }

  List<Sent> sentTo(Endpoint endpoint) {
    return sent().stream().filter(sent -> sent.to().equals(endpoint)).toList();
  }

  List<Sent> sent() {
    List<Sent> sent = new ArrayList<>();
    for (Said each : said) {
      if (each.output() instanceof Output.Send(Endpoint to, Swim message)) {
        sent.add(new Sent(each.atNanos(), to, message));
      }
    }
    return sent;
  }

  List<Output.Push> pushedTo(int other) {
    return said(Output.Push.class).stream()
        .filter(push -> push.memberId().equals(Given.id(other)))
        .toList();
  }

  /** How many times a rumor was pushed to another member. */
  long timesPushed(Rumor rumor, int other) {
    return pushedTo(other).stream()
        .flatMap(push -> push.rumors().stream())
        .filter(rumor::equals)
        .count();
  }

  /** When it came to believe this about another one, for the first time. */
  long cameToBelieve(int other, Health health) {
    for (Said each : said) {
      if (each.output() instanceof Output.MemberChanged(Member member, _, Health to)
          && member.id().equals(Given.id(other))
          && to == health) {
        return each.atNanos();
      }
    }
    throw new AssertionError(id() + " never held " + other + " " + health);
  }
}
