package dev.monarch.simulator;

import dev.monarch.butterfly.Output;
import dev.monarch.simulator.Happening.ConnectEnds;
import dev.monarch.simulator.Happening.LinkAcknowledges;
import dev.monarch.simulator.Happening.LinkBreaks;
import dev.monarch.simulator.Happening.LinkDelivers;
import dev.monarch.simulator.Happening.LinkQuestioned;
import dev.monarch.simulator.Happening.PushEnds;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.RumorCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The connections that carry rumors, as a sender lives through them.
 *
 * <pre>
 *   no connection   connect; answered after a round trip    the push is handed over
 *                   refused (no process, closed port)        the push failed, after a round trip
 *                   silence (a cut, a frozen process)        the push failed, after HANDSHAKE
 *   a connection    the push is handed over at once, whatever the network does
 *   handed over     the way is open                          it arrives, in order
 *                   the way is cut                           tried again, each time later
 *                   still cut after SILENCE                  lost, and the sender learns it
 *                   the process at the other end is gone     lost, and the sender learns it
 * </pre>
 *
 * So "delivered" means handed over, as with a real socket: what is lost after that is known only by
 * the break of the connection, or never, if the sender closed it itself.
 */
final class TcpPlane {
  /**
   * The shell gives up on a handshake after this; the original's send timeout (butterfly.md 1.3).
   */
  private static final Duration HANDSHAKE = Duration.ofMillis(500);

  /** The first time a kernel tries again; it doubles from try to try. */
  private static final Duration RETRANSMISSION = Duration.ofMillis(200);

  /** Where doubling ends, so that a long silence cannot overflow. */
  private static final int RETRANSMISSION_DOUBLINGS_MAX = 9;

  /** A connection breaks after this long without an answer. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private static final long SILENCE_NANOS = SILENCE.toNanos();

  /** How often a kernel asks whether a silent connection still is. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

  /** From the end of a push to the loop that hears of it. */
  private static final long LOCAL_NANOS = 50_000;

  private final Simulation simulation;
  private final Network network;

  TcpPlane(Simulation simulation, Network network) {
    this.simulation = simulation;
    this.network = network;
  }

  /** A member's push starts. Its rumors are encoded now, as what it says is what it knows now. */
  void push(Host from, Output.Push push) {
    byte[][] rumors = new byte[push.rumors().size()][];
    int i = 0;
    for (Rumor rumor : push.rumors()) {
      rumors[i] = RumorCodec.encode(rumor);
      simulation.eventHash().add(rumors[i]);
      i++;
    }
    Link link = from.links.get(push.memberId());
    if (link != null && !link.endpoint.equals(push.to())) {
      close(from, push.memberId());
      link = null;
    }
    if (link == null) {
      link = new Link(from, push.memberId(), push.to(), simulation.hostAt(push.to()));
      from.links.put(push.memberId(), link);
      link.pending = push;
      link.pendingRumors = rumors;
      simulation.after(2 * network.steadyDelayNanos(), new ConnectEnds(link, false));
    } else {
      hand(link, push, rumors);
    }
  }

  /**
   * A member closes its connection. What is on its way may still arrive, but is not tried again.
   */
  void close(Host from, String memberId) {
    Link link = from.links.remove(memberId);
    if (link != null) {
      link.closed = true;
      endPending(link, false, LOCAL_NANOS);
    }
  }

  void connectEnds(ConnectEnds end) {
    Link link = end.link();
    Output.Push push = link.pending;
    byte[][] rumors = link.pendingRumors;
    if (push == null || rumors == null || isOrphan(link)) {
      return;
    }
    Host to = link.to;
    boolean answered = to != null && network.isOpen(link.from, to) && network.isOpen(to, link.from);
    if (answered && to != null && !to.frozen) {
      if (to.isUp() && !to.gossipPortClosed) {
        link.open = true;
        link.toGeneration = to.generation;
        link.pending = null;
        link.pendingRumors = null;
        hand(link, push, rumors);
      } else {
        link.from.links.remove(link.memberId, link);
        endPending(link, false, 0);
      }
    } else if (end.waited()) {
      link.from.links.remove(link.memberId, link);
      endPending(link, false, 0);
    } else {
      simulation.after(HANDSHAKE.toNanos(), new ConnectEnds(link, true));
    }
  }

  void deliver(LinkDelivers due) {
    Link link = due.link();
    link.deliveryScheduled = false;
    Link.Delivery delivery = link.underWay.peekFirst();
    Host to = link.to;
    if (delivery == null || to == null || link.broken) {
      return;
    }
    if (!network.isOpen(link.from, to)) {
      retransmit(link);
    } else if (!to.isUp() || to.gossipPortClosed || to.generation != link.toGeneration) {
      breakLink(link, network.isOpen(to, link.from) ? network.steadyDelayNanos() : SILENCE_NANOS);
    } else if (to.frozen && to.streamBuffer.size() >= Host.STREAM_BUFFER_DELIVERIES) {
      retransmit(link);
    } else {
      arrive(link, to, delivery);
    }
  }

  private void arrive(Link link, Host to, Link.Delivery delivery) {
    link.underWay.removeFirst();
    link.attempts = 0;
    link.troubleSince = Long.MAX_VALUE;
    if (!network.isOpen(to, link.from)) {
      simulation.after(SILENCE_NANOS, new LinkAcknowledges(link));
    }
    for (byte[] rumor : delivery.rumors()) {
      simulation.rumorArrives(to, rumor);
    }
    Link.Delivery next = link.underWay.peekFirst();
    if (next != null) {
      scheduleDelivery(link, Math.max(next.earliest(), simulation.nowNanos()));
    }
  }

  /** Looks, long after something was delivered, whether the answer still cannot come back. */
  void acknowledge(LinkAcknowledges due) {
    Link link = due.link();
    if (link.to != null && !link.broken && !network.isOpen(link.to, link.from)) {
      breakLink(link, 0);
    }
  }

  /** Tells whether its sender should hear of the break. */
  boolean isHeardOf(LinkBreaks due) {
    Link link = due.link();
    return !link.closed && !isOrphan(link);
  }

  /** The process on a host has ended, or closed its port: every connection to it breaks. */
  void breakAllTo(Host host) {
    for (Host other : simulation.hosts()) {
      List<Link> victims = new ArrayList<>();
      for (Link link : other.links.values()) {
        if (link.to == host && link.open) {
          victims.add(link);
        }
      }
      victims.sort(java.util.Comparator.comparing(link -> link.memberId));
      for (Link link : victims) {
        if (network.isOpen(host, other)) {
          breakLink(link, network.steadyDelayNanos());
        } else {
          simulation.after(KEEP_ALIVE.toNanos(), new LinkQuestioned(link, 1));
        }
      }
    }
  }

  /** A kernel asks for a connection whose other end is gone. */
  void question(LinkQuestioned due) {
    Link link = due.link();
    Host to = link.to;
    boolean answered = to != null && network.isOpen(link.from, to) && network.isOpen(to, link.from);
    if (answered || due.questions() * KEEP_ALIVE.toNanos() >= SILENCE_NANOS) {
      breakLink(link, network.steadyDelayNanos());
    } else {
      simulation.after(KEEP_ALIVE.toNanos(), new LinkQuestioned(link, due.questions() + 1));
    }
  }

  /** The process on a host has ended: its connections close by themselves. */
  void closeAllFrom(Host host) {
    host.links.values().forEach(link -> link.closed = true);
    host.links.clear();
  }

  private void hand(Link link, Output.Push push, byte[][] rumors) {
    long arrival =
        Math.max(simulation.nowNanos() + network.steadyDelayNanos(), link.lastArrival + 1);
    link.lastArrival = arrival;
    link.underWay.addLast(new Link.Delivery(rumors, arrival));
    if (!link.deliveryScheduled) {
      scheduleDelivery(link, arrival);
    }
    end(link, push, true, LOCAL_NANOS);
  }

  private void retransmit(Link link) {
    long now = simulation.nowNanos();
    link.troubleSince = Math.min(link.troubleSince, now);
    if (link.closed) {
      link.underWay.clear();
    } else if (now - link.troubleSince >= SILENCE_NANOS) {
      breakLink(link, 0);
    } else {
      int doublings = Math.min(link.attempts++, RETRANSMISSION_DOUBLINGS_MAX);
      long wait = RETRANSMISSION.toNanos() << doublings;
      scheduleDelivery(link, now + Math.min(wait, link.troubleSince + SILENCE_NANOS - now));
    }
  }

  private void scheduleDelivery(Link link, long at) {
    link.deliveryScheduled = true;
    simulation.at(at, new LinkDelivers(link));
  }

  private void breakLink(Link link, long afterNanos) {
    if (!link.broken) {
      link.broken = true;
      link.underWay.clear();
      simulation.after(afterNanos, new LinkBreaks(link));
    }
  }

  private void endPending(Link link, boolean delivered, long afterNanos) {
    Output.Push push = link.pending;
    if (push != null) {
      link.pending = null;
      link.pendingRumors = null;
      end(link, push, delivered, afterNanos);
    }
  }

  private void end(Link link, Output.Push push, boolean delivered, long afterNanos) {
    simulation.after(
        afterNanos,
        new PushEnds(link.from, link.fromGeneration, push.id(), push.memberId(), delivered));
  }

  /** True if the process that had this connection is gone. */
  private static boolean isOrphan(Link link) {
    return !link.from.isUp() || link.from.generation != link.fromGeneration;
  }
}
