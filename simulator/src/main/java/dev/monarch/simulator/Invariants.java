package dev.monarch.simulator;

import dev.monarch.butterfly.Butterfly;
import dev.monarch.butterfly.Input;
import dev.monarch.butterfly.Output.MemberChanged;
import dev.monarch.butterfly.Output.Push;
import dev.monarch.butterfly.Output.Send;
import dev.monarch.butterfly.Output.StoreIncarnation;
import dev.monarch.butterfly.View;
import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Envelope;
import dev.monarch.wire.Health;
import dev.monarch.wire.Ipv4;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.MemberRumor;
import dev.monarch.wire.Swim;
import java.util.Optional;

/**
 * What must hold after every event, looked at only where the event touched something.
 *
 * <ol>
 *   <li>A member's own incarnation never falls, also across a restart with its disk; and it says no
 *       incarnation of its own that is not stored (butterfly.md 4.2).
 *   <li>An entry changes only along the merge order: the incarnation never lower, and at an equal
 *       one the health only worse, unless the member itself was heard (4.4).
 *   <li>A datagram, in its sealed envelope, has at most 1,024 bytes (S7).
 *   <li>Whatever is addressed or spoken about has an IPv4 address (S4, S5, S6).
 *   <li>A member has at most one push to another one under way.
 *   <li>A change of a member is told to each other member at most as often as the share limit says
 *       (6.2), and again once its connection failed or was closed. What must be told regardless,
 *       the recipient's own record, is not counted.
 *   <li>What a member reports is what it holds.
 * </ol>
 *
 * <p>Share limits are counted per host told. A host on which several members lived may be told for
 * each of them.
 */
final class Invariants {
  private final Simulation simulation;
  private final int shareLimit;

  Invariants(Simulation simulation, int shareLimit) {
    this.simulation = simulation;
    this.shareLimit = shareLimit;
  }

  /** A process begins: what it holds before it has heard anything is what its disk holds. */
  void started(Host host, Butterfly machine) {
    host.beliefs.clear();
    host.pushing.clear();
    View view = machine.view();
    for (Membership membership : view.state().members()) {
      host.beliefs.put(membership.member(), membership.health());
    }
    if (Long.compareUnsigned(view.self().incarnation(), host.disk.incarnation()) < 0) {
      throw simulation.failure(
          "%s starts at incarnation %s, its disk says %s"
              .formatted(
                  host,
                  Long.toUnsignedString(view.self().incarnation()),
                  Long.toUnsignedString(host.disk.incarnation())));
    }
  }

  /** Something that was told to a member may be told to it again. */
  void heard(Host host, Input input) {
    switch (input) {
      case Input.LinkLost lost -> host.doubted.add(lost.memberId());
      case Input.PushEnded _,
          Input.DatagramHeard _,
          Input.RumorHeard _,
          Input.TimePassed _,
          Input.PeersKnown _,
          Input.Publish _,
          Input.StandForElection _,
          Input.StandForUpdateElection _,
          Input.SuitabilityKnown _,
          Input.RestartElection _,
          Input.StepDown _,
          Input.Depart _,
          Input.Leave _,
          Input.Block _ -> {}
    }
  }

  void pushEnded(Host host, String memberId, boolean delivered) {
    if (!delivered) {
      host.doubted.add(memberId);
      heatFor(host, memberId);
    }
  }

  /** The member closes a connection, so that what it has told over it may be lost. */
  void closed(Host host, String memberId) {
    host.doubted.add(memberId);
  }

  void stored(Host host, StoreIncarnation store) {
    if (Long.compareUnsigned(store.incarnation(), host.disk.incarnation()) < 0) {
      throw simulation.failure(
          "own incarnation of %s falls from %s to %s"
              .formatted(
                  host,
                  Long.toUnsignedString(host.disk.incarnation()),
                  Long.toUnsignedString(store.incarnation())));
    }
  }

  void changed(Host host, Input input, MemberChanged change) {
    Member member = change.member();
    Beliefs.Entry before = host.beliefs.entry(member.id());
    Optional<Health> reported = change.from();
    if (before == null) {
      if (reported.isPresent()) {
        throw simulation.failure("%s was not known before %s".formatted(member.id(), change));
      }
      host.beliefs.put(member, change.to());
      heatFor(host, member.id());
      return;
    }
    if (reported.isEmpty() || reported.get() != before.health) {
      throw simulation.failure(
          "%s held %s as %s before %s".formatted(host, member.id(), before.health, change));
    }
    checkOrder(host, input, before, change);
    before.incarnation = member.incarnation();
    before.health = change.to();
    before.heat();
    heatFor(host, member.id());
  }

  private void checkOrder(Host host, Input input, Beliefs.Entry before, MemberChanged change) {
    Member member = change.member();
    int order = Long.compareUnsigned(member.incarnation(), before.incarnation);
    boolean own = member.id().equals(host.id());
    boolean contact = change.to() == Health.ALIVE && isHeardDirectly(input, member.id());
    boolean allowed =
        order > 0 || (order == 0 && (change.to().isWorseThan(before.health) || contact || own));
    if (!allowed) {
      throw simulation.failure(
          "%s moves its entry against the merge order, from %s at incarnation %s, by %s on %s"
              .formatted(
                  host, before.health, Long.toUnsignedString(before.incarnation), change, input));
    }
  }

  private static boolean isHeardDirectly(Input input, String memberId) {
    return input instanceof Input.DatagramHeard heard
        && heard.message().from().id().equals(memberId);
  }

  /** A datagram leaves, with so many bytes of payload. */
  void sent(Host host, Send send, int payloadBytes, boolean repeated) {
    int bytes = Envelope.sizeBytes(payloadBytes, true);
    if (bytes > Envelope.DATAGRAM_BYTES_MAX) {
      throw simulation.failure(
          "%s sends %d bytes, at most %d are read: %s"
              .formatted(host, bytes, Envelope.DATAGRAM_BYTES_MAX, send));
    }
    checkAddress(host, send.to());
    Swim message = send.message();
    boolean own = message.from().id().equals(host.id());
    if (own && message.from().incarnation() != host.disk.incarnation()) {
      throw simulation.failure(
          "%s says incarnation %s, stored is %s"
              .formatted(
                  host,
                  Long.toUnsignedString(message.from().incarnation()),
                  Long.toUnsignedString(host.disk.incarnation())));
    }
    for (Membership membership : message.membership()) {
      checkAddress(host, membership.member().swim());
    }
    switch (message) {
      case Swim.Ping ping -> countTold(host, simulation.hostAt(send.to()), ping);
      case Swim.Ack ack -> {
        if (own) {
          countTold(host, simulation.hostAt(send.to()), ack);
        }
      }
      case Swim.PingReq request -> {
        if (!repeated && request.target().isReachable()) {
          countTold(host, simulation.hostAt(request.target().swim()), request);
        }
      }
      case Swim.ProbePing _ -> {}
    }
  }

  void pushed(Host host, Push push) {
    checkAddress(host, push.to());
    if (!host.pushing.add(push.memberId())) {
      throw simulation.failure(
          "%s starts a second push to %s while one is under way".formatted(host, push.memberId()));
    }
    if (host.doubted.remove(push.memberId())) {
      heatFor(host, push.memberId());
    }
    Host told = simulation.hostAt(push.to());
    for (Rumor rumor : push.rumors()) {
      if (rumor instanceof MemberRumor member) {
        countTold(host, told, member.membership());
      }
    }
  }

  /** Compares all that was reported with all that is held. Costs a view, so only now and then. */
  void audit(Host host, View view) {
    host.beliefs
        .differenceTo(view.state().members())
        .ifPresent(
            difference -> {
              throw simulation.failure(
                  "what %s holds is not what it reported: %s".formatted(host, difference));
            });
  }

  private void countTold(Host host, @org.jspecify.annotations.Nullable Host told, Swim message) {
    for (Membership membership : message.membership()) {
      countTold(host, told, membership);
    }
  }

  private void countTold(
      Host host, @org.jspecify.annotations.Nullable Host told, Membership membership) {
    if (told == null || simulation.hostOf(membership.member().id()) == told) {
      return;
    }
    if (told.isPersistent() && host.beliefs.holds(told.id(), Health.CONFIRMED)) {
      // Nothing is counted for a permanent peer that does not answer (butterfly.md 4.8).
      return;
    }
    Beliefs.Entry entry = host.beliefs.entry(membership.member().id());
    if (entry == null) {
      return;
    }
    int times = entry.tell(membership, told.index());
    if (times > shareLimit * told.identities) {
      throw simulation.failure(
          "%s tells %s for the %dth time that %s is %s; the limit is %d"
              .formatted(
                  host,
                  told,
                  times,
                  membership.member().id(),
                  membership.health(),
                  shareLimit * told.identities));
    }
  }

  private void heatFor(Host host, String memberId) {
    Host told = simulation.hostOf(memberId);
    if (told != null) {
      host.beliefs.heatFor(told.index());
    }
  }

  private void checkAddress(Host host, Endpoint endpoint) {
    if (!Ipv4.isLiteral(endpoint.address())) {
      throw simulation.failure("%s names the address %s".formatted(host, endpoint));
    }
  }
}
