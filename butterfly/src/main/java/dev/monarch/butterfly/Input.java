package dev.monarch.butterfly;

import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.Swim;
import java.util.List;
import java.util.Set;

/** Everything that can happen to a member. */
public sealed interface Input {
  /** A datagram was heard and decoded. */
  record DatagramHeard(Endpoint source, Swim message) implements Input {}

  /** A rumor arrived on the TCP plane and was decoded. */
  record RumorHeard(Rumor rumor) implements Input {}

  /**
   * An {@link Output.Push} has ended.
   *
   * @param delivered true if all its rumors were handed to the connection
   */
  record PushEnded(long pushId, boolean delivered) implements Input {}

  /** A connection to this member broke; what was handed to it lately may be lost. */
  record LinkLost(String memberId) implements Input {}

  /** The time asked for by {@link Butterfly#nextDeadlineNanos()} has come, or any other has. */
  record TimePassed() implements Input {}

  /**
   * The initial peers, replacing earlier ones: from the command line, the watch file, or because
   * names resolve to other addresses now.
   */
  record PeersKnown(List<Endpoint> peers) implements Input {
    public PeersKnown {
      peers = List.copyOf(peers);
    }
  }

  /** Something this member has to say: a service it runs, configuration, a file. */
  record Publish(Rumor rumor) implements Input {}

  /**
   * A service of leader topology has started on this member, which stands for election at term zero
   * (butterfly.md 9.4); what is known of the group's election and is better stays. Its service
   * rumor has to be {@linkplain Publish published} before, or nothing happens.
   */
  record StandForElection(ServiceGroup group) implements Input {}

  /**
   * A service with rolling updates has started, which stands for update leader at term zero (9.8).
   *
   * @param suitability unsigned
   */
  record StandForUpdateElection(ServiceGroup group, long suitability) implements Input {}

  /**
   * How suitable to lead this member is, as the service's hook said last, unsigned; zero if it
   * never did. It counts whenever this member stands for election from now on, and starts none.
   */
  record SuitabilityKnown(ServiceGroup group, long suitability) implements Input {}

  /**
   * An operator wants a new election of a leader (9.9), whatever the state of the present one.
   * Nothing happens where no election is known or this member runs no service of the group.
   */
  record RestartElection(ServiceGroup group) implements Input {}

  /**
   * This member hands over the lead of a group to another one that is alive. Nothing happens if it
   * does not lead, if there is no quorum, or if nobody else is alive in the group.
   */
  record StepDown(ServiceGroup group) implements Input {}

  /** An operator makes a member depart, this one or another. */
  record Depart(String memberId) implements Input {}

  /** This member leaves gracefully. It goes on answering, as departed. */
  record Leave() implements Input {}

  /** Members to be ignored from now on, replacing earlier ones (butterfly.md 4.12). */
  record Block(Set<String> memberIds) implements Input {
    public Block {
      memberIds = Set.copyOf(memberIds);
    }
  }
}
