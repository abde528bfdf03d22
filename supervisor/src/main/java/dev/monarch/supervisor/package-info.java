/**
 * The Supervisor: what {@code hab sup run} starts.
 *
 * <p>Start with {@link dev.monarch.supervisor.Supervisor}, which takes the tree's lock, starts the
 * ring, the services and both gateways and waits for a reason to end. It takes everything from
 * outside - options, environment, output streams - so that a test runs several in one process.
 * {@link dev.monarch.supervisor.SupervisorTerm} stops one from another process.
 *
 * <p>What it is told to do is worked out in {@code config}. Services live in {@code manager}, which
 * drives the pure machine of {@code service} and uses {@code spec}, {@code layers}, {@code
 * template}, {@code render} and {@code hooks}; {@code http} and {@code ctl} are the two doors.
 */
@NullMarked
package dev.monarch.supervisor;

import org.jspecify.annotations.NullMarked;
