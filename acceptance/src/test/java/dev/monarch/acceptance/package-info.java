/**
 * Real processes: what a user starts, on real sockets, with real faults.
 *
 * <p>{@link dev.monarch.acceptance.Stage} gives a test its directory, its addresses or its network
 * of namespaces, and its Supervisors, and takes all of it away again, also after a failure. {@link
 * dev.monarch.acceptance.Supervisor} is one of them, ours or an original one, seen from outside:
 * process, files, {@link dev.monarch.acceptance.Gateway}, {@link dev.monarch.acceptance.RingLog}.
 *
 * <p>Nothing here sleeps for a fixed time: {@link dev.monarch.acceptance.Waiting} looks until a
 * condition holds or its deadline is over, and then tells what it saw last. What a machine cannot
 * do (no root, no {@code nft}, no original) is said once and skipped, see {@link
 * dev.monarch.acceptance.Machine}. Start reading at {@code PageCommandsTest}.
 */
@NullMarked
package dev.monarch.acceptance;

import org.jspecify.annotations.NullMarked;
