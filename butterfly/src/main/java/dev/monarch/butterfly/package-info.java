/**
 * What one member of a ring does, as a pure state machine.
 *
 * <p>Start with {@link dev.monarch.butterfly.Butterfly}: an {@link dev.monarch.butterfly.Input}
 * goes in together with the time, {@link dev.monarch.butterfly.Output}s come out, and nothing else
 * happens. There is no thread, socket, file, clock, logger or random source of its own in this
 * room; time is a {@code long} of nanoseconds and randomness a generator, both handed in. The
 * living member (room {@code ring}) and the simulator drive the same machine.
 */
@NullMarked
package dev.monarch.butterfly;

import org.jspecify.annotations.NullMarked;
