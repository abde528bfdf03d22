package dev.monarch.butterfly;

import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Rumor;
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
