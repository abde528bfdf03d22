/**
 * As much of ZMTP 3.0 as the TCP plane of a ring needs: PUSH and PULL with the NULL mechanism, on
 * blocking sockets and virtual threads (butterfly.md 1.3, 1.4).
 *
 * <p>{@link dev.monarch.ring.zmtp.PullServer} hears, {@link dev.monarch.ring.zmtp.Links} says; both
 * stand on {@code Connection}, which does the handshake and cuts the stream into frames. Every wait
 * has a limit and so has everything a stranger can make us hold. Nothing here knows what a message
 * means.
 */
@NullMarked
package dev.monarch.ring.zmtp;

import org.jspecify.annotations.NullMarked;
