package dev.monarch.butterfly;

import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Swim;
import dev.monarch.wire.Swim.Ack;
import dev.monarch.wire.Swim.Ping;
import dev.monarch.wire.Swim.PingReq;
import dev.monarch.wire.Swim.ProbePing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Members and a network between them, in time that passes only when told to.
 *
 * <p>Everything takes a millisecond. Where no member was started there can be an extra, who does
 * nothing but answer pings; elsewhere datagrams vanish. Pushes reach members and extras, fail after
 * half a second where the port is closed, and succeed without effect where nobody is, which saves
 * tests of a single member from inventing its audience.
 */
final class Story {
  private static final long LATENCY_NANOS = Duration.ofMillis(1).toNanos();
  private static final long CONNECT_TIMEOUT_NANOS = Duration.ofMillis(500).toNanos();

  private record Event(long atNanos, long order, Runnable what) {}

  private final Map<Endpoint, TestMember> members = new LinkedHashMap<>();
  private final Set<Endpoint> extras = new HashSet<>();
  private final Set<Endpoint> closedPorts = new HashSet<>();
  private final Set<Endpoint> cutOff = new HashSet<>();
  private final Set<Set<Endpoint>> cutPaths = new HashSet<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::order));
  private long now = Duration.ofMinutes(17).toNanos();
  private long lastOrder;
  private boolean pushesHang;
  private boolean unknownPortsClosed;

  /** A story and its only member, number 1. */
  static TestMember ofOne() {
    return new Story().member(1).start();
  }

  long now() {
    return now;
  }

  TestMember.Builder member(int number) {
    return new TestMember.Builder(this, number);
  }

  void add(TestMember member) {
    members.put(member.at(), member);
  }

  /** The process is gone; another may be started at its place. */
  void kill(TestMember member) {
    members.remove(member.at(), member);
  }

  /** Somebody at this place answers pings, and nothing else. */
  void extra(int number) {
    extras.add(Given.at(number));
  }

  void silence(int number) {
    extras.remove(Given.at(number));
  }

  /** Nothing gets from here to the others or back, until {@link #heal}. */
  void cutOff(int number) {
    cutOff.add(Given.at(number));
  }

  void heal(int number) {
    cutOff.remove(Given.at(number));
  }

  /** These two do not reach each other any more, but everybody else does. */
  void cutPath(int one, int other) {
    cutPaths.add(Set.of(Given.at(one), Given.at(other)));
  }

  /** They reach each other again. */
  void mendPath(int one, int other) {
    cutPaths.remove(Set.of(Given.at(one), Given.at(other)));
  }

  void closePort(int number) {
    closedPorts.add(Given.at(number));
  }

  void openPort(int number) {
    closedPorts.remove(Given.at(number));
  }

  /** From now on nobody can be told anything where neither a member nor an extra is. */
  void closeUnknownPorts() {
    unknownPortsClosed = true;
  }

  /** From now on no push ever ends by itself. */
  void letPushesHang() {
    pushesHang = true;
  }

  /** Lets time pass, with everything that happens in it. */
  void passes(Duration duration) {
    long end = now + duration.toNanos();
    while (true) {
      long next = events.isEmpty() ? Long.MAX_VALUE : events.peek().atNanos();
      Optional<TestMember> due =
          members.values().stream()
              .min(Comparator.comparingLong(TestMember::nextDeadlineNanos))
              .filter(member -> member.nextDeadlineNanos() < Long.MAX_VALUE);
      long deadline = due.map(TestMember::nextDeadlineNanos).orElse(Long.MAX_VALUE);
      if (Math.min(next, deadline) > end) {
        now = end;
        return;
      }
      now = Math.max(now, Math.min(next, deadline));
      if (next <= deadline) {
        events.remove().what().run();
      } else {
        due.orElseThrow().does(new Input.TimePassed());
      }
    }
  }

  /** Lets time pass without anybody noticing, as if all processes had been stopped. */
  void skip(Duration duration) {
    now += duration.toNanos();
  }

  void carryOut(TestMember from, Output output) {
    switch (output) {
      case Output.Send(Endpoint to, Swim message) -> {
        if (areConnected(from.at(), to)) {
          later(LATENCY_NANOS, () -> arrive(from.at(), to, message));
        }
      }
      case Output.Push push -> {
        if (!pushesHang) {
          carryOut(from, push);
        }
      }
      case Output.CloseLink _, Output.StoreIncarnation _, Output.Event _ -> {}
    }
  }

  private void arrive(Endpoint source, Endpoint to, Swim message) {
    TestMember member = members.get(to);
    if (member != null) {
      member.hears(source, message);
    } else if (extras.contains(to)) {
      answer(source, to, message);
    }
  }

  /** An extra knows who it is by its address. */
  private void answer(Endpoint source, Endpoint extra, Swim message) {
    int number = numberAt(extra);
    switch (message) {
      case Ping ping ->
          later(
              LATENCY_NANOS,
              () ->
                  arrive(
                      extra,
                      source,
                      new Ack(Given.sender(number, 0), ping.forwardTo(), List.of())));
      case ProbePing _ -> later(LATENCY_NANOS, () -> arrive(extra, source, Given.ack(number, 1)));
      case Ack _, PingReq _ -> {}
    }
  }

  private static int numberAt(Endpoint endpoint) {
    int number = 0;
    for (String part : endpoint.address().substring("10.".length()).split("\\.", -1)) {
      number = number << 8 | Integer.parseInt(part);
    }
    return number;
  }

  private void carryOut(TestMember from, Output.Push push) {
    boolean isSomebody = members.containsKey(push.to()) || extras.contains(push.to());
    boolean open =
        areConnected(from.at(), push.to())
            && !closedPorts.contains(push.to())
            && (isSomebody || !unknownPortsClosed);
    List<Rumor> rumors = new ArrayList<>(push.rumors());
    later(
        open ? LATENCY_NANOS : CONNECT_TIMEOUT_NANOS,
        () -> {
          TestMember target = members.get(push.to());
          if (open && target != null) {
            rumors.forEach(target::hears);
          }
          if (members.get(from.at()) == from) {
            from.does(new Input.PushEnded(push.id(), open));
          }
        });
  }

  private boolean areConnected(Endpoint one, Endpoint other) {
    return !cutOff.contains(one)
        && !cutOff.contains(other)
        && (one.equals(other) || !cutPaths.contains(Set.of(one, other)));
  }

  private void later(long nanos, Runnable what) {
    lastOrder++;
    events.add(new Event(now + nanos, lastOrder, what));
  }
}
