/**
 * Measurements of Monarch, printed as tables; never shipped.
 *
 * <p>{@link dev.monarch.bench.Bench} is the command line, with one subcommand for each question:
 * how fast the codec, the machine and the simulator are, and what a real Supervisor costs when
 * idle, how long it takes to start, and how long a ring of them takes to notice that one was
 * killed. Where the original's binaries are at hand (environment {@code HABITAT_BIN}), they are
 * measured beside ours, in the same run and in the same way.
 *
 * <p>Real Supervisors live on loopback addresses, 127.0.77.x and 127.0.78.x, and in a temporary
 * directory. What is read about processes comes from {@code /proc}, so this needs Linux.
 */
@NullMarked
package dev.monarch.bench;

import org.jspecify.annotations.NullMarked;
