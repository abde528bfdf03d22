package dev.monarch.ring.zmtp;

import dev.monarch.wire.Envelope;
import java.time.Duration;

/**
 * What a {@link PullServer} lets strangers take.
 *
 * @param frameBytesMax longest message
 * @param connectionsMax connections open at once
 * @param connectionsPerAddressMax of these, from one address
 * @param handshakeTimeout from accepting to READY
 * @param frameTimeout longest pause within a frame
 * @param idleTimeout longest pause between two frames
 * @param spareAfter a connection silent for this long gives way if the server is full
 */
public record Limits(
    int frameBytesMax,
    int connectionsMax,
    int connectionsPerAddressMax,
    Duration handshakeTimeout,
    Duration frameTimeout,
    Duration idleTimeout,
    Duration spareAfter) {

  /**
   * Frames: the longest rumor that is understood, in its envelope. Connections: one per member of a
   * large ring, since members of our kind keep theirs; beyond that the most silent one goes, whose
   * owner opens it anew. One address: many members may share one behind a translation or on a test
   * machine, yet none shall take all places. Idle: twice as long as {@link Links} keeps a
   * connection that it does not use, and more.
   */
  public static Limits standard() {
    return new Limits(
        Envelope.ENVELOPE_BYTES_MAX,
        1024,
        256,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofMinutes(10),
        Duration.ofSeconds(10));
  }
}
