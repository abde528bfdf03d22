package dev.monarch.ring;

import dev.monarch.butterfly.Output.ProbeStage;
import dev.monarch.butterfly.election.Tally;
import dev.monarch.wire.Health;
import dev.monarch.wire.Rejection;
import dev.monarch.wire.RumorKind;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a member has counted since it started (butterfly.md 12), as one immutable snapshot. Maps
 * hold every key of their enumeration, zeros included.
 *
 * @param incarnation own incarnation, unsigned
 * @param members members per health, this one included if it lists itself
 * @param ignoredRumors rumors that changed nothing
 * @param elections by service group, of those this member runs a service of
 * @param probes how the stages of probes ended
 */
public record RingMetrics(
    long incarnation,
    Map<Health, Long> members,
    Map<RumorKind, Long> ignoredRumors,
    SwimTraffic swim,
    GossipTraffic gossip,
    SortedMap<String, Leadership> elections,
    Map<ProbeStage, Probes> probes,
    Faults faults) {

  public RingMetrics {
    members = Map.copyOf(members);
    ignoredRumors = Map.copyOf(ignoredRumors);
    elections = Collections.unmodifiableSortedMap(new TreeMap<>(elections));
    probes = Map.copyOf(probes);
  }

  /**
   * The elections of a group.
   *
   * @param term of the last one, unsigned
   * @param finished true if somebody leads
   * @param tally how long those took that finished
   * @param withoutLeader the time without a finished election, until now
   */
  public record Leadership(long term, boolean finished, Tally tally, Duration withoutLeader) {}

  /** The kinds of datagram, with the original's names. */
  public enum SwimKind {
    PING("ping"),
    ACK("ack"),
    PINGREQ("pingreq"),
    PROBEPING("probeping");

    private final String text;

    SwimKind(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /**
   * Messages of one sort.
   *
   * @param lastBytes size of the last one: the whole envelope if sent, the opened payload if
   *     received, what arrived if rejected
   */
  public record Traffic(long messages, long lastBytes) {}

  /**
   * The UDP plane.
   *
   * @param sent as the sender's own; a relayed ack is counted apart
   * @param acksForwarded acks passed on as somebody's proxy
   * @param rejected datagrams that were not understood
   * @param recordsDropped membership records left out of messages understood otherwise
   * @param sendFailures datagrams the operating system did not take
   * @param overflowed datagrams dropped because the member could not keep up
   * @param cut datagrams dropped because of the cut file
   */
  public record SwimTraffic(
      Map<SwimKind, Traffic> sent,
      long acksForwarded,
      Map<SwimKind, Traffic> received,
      Map<Rejection, Traffic> rejected,
      long recordsDropped,
      long sendFailures,
      long overflowed,
      long cut) {
    public SwimTraffic {
      sent = Map.copyOf(sent);
      received = Map.copyOf(received);
      rejected = Map.copyOf(rejected);
    }
  }

  /**
   * The TCP plane.
   *
   * @param connectFailures pushes that found no connection
   * @param sendFailures pushes that broke off while sending
   * @param linksOpen connections to others, now
   * @param connectionsOpen connections from others, now
   * @param connectionsRefused connections from others closed at once, because of a limit or a cut
   * @param protocolFailures connections from others that did not speak as they must
   */
  public record GossipTraffic(
      Map<RumorKind, Traffic> sent,
      long connectFailures,
      long sendFailures,
      Map<RumorKind, Traffic> received,
      Map<Rejection, Traffic> rejected,
      long linksOpen,
      long connectionsOpen,
      long connectionsRefused,
      long protocolFailures) {
    public GossipTraffic {
      sent = Map.copyOf(sent);
      received = Map.copyOf(received);
      rejected = Map.copyOf(rejected);
    }
  }

  /**
   * How one stage of all probes ended.
   *
   * @param answered stages with an ack in time
   * @param unanswered stages whose wait ran out
   * @param durations of both
   */
  public record Probes(long answered, long unanswered, Histogram durations) {}

  /**
   * Durations sorted into buckets.
   *
   * @param counts one for each of {@link #BOUNDS}, not cumulated, and a last one for all that is
   *     longer
   */
  public record Histogram(List<Long> counts, Duration sum) {
    /** Upper ends, inclusive: the original's (butterfly.md 12). */
    public static final List<Duration> BOUNDS =
        List.of(
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofMillis(2500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10));

    public Histogram {
      counts = List.copyOf(counts);
      if (counts.size() != BOUNDS.size() + 1) {
        throw new IllegalArgumentException(
            "expected " + (BOUNDS.size() + 1) + " buckets, found " + counts.size());
      }
    }
  }

  /**
   * What should stay zero.
   *
   * @param machine inputs and outputs that the member's own code failed on
   * @param disk writes that failed
   * @param eventsMissed events not kept for slow listeners
   */
  public record Faults(long machine, long disk, long eventsMissed) {}
}
