/**
 * One living member of a ring: sockets, threads, clock and disk around the pure machine of {@code
 * dev.monarch.butterfly}.
 *
 * <p>Start with {@link dev.monarch.ring.Ring}, the public API for embedding, and what it takes
 * ({@link dev.monarch.ring.RingConfig}) and tells ({@link dev.monarch.ring.RingEvent}, {@link
 * dev.monarch.ring.RingMetrics}). Inside, {@code Loop} is the one thread that owns the machine;
 * {@code UdpTransport} and {@code dev.monarch.ring.zmtp} carry messages, {@code
 * dev.monarch.ring.disk} keeps what outlives the process, {@code PeerSource} finds the first
 * members. None of them decides anything about the protocol.
 */
@NullMarked
package dev.monarch.ring;

import org.jspecify.annotations.NullMarked;
