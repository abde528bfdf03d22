/**
 * How a silent member is found out: the probes of SWIM one after another, the question put to a
 * member that others call dead, and the pings to the initial peers until the ring is joined. Each
 * part says what to send; {@link dev.monarch.butterfly.Butterfly} sends it.
 */
@NullMarked
package dev.monarch.butterfly.detector;

import org.jspecify.annotations.NullMarked;
