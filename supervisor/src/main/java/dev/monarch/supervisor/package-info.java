/**
 * The Supervisor: what {@code hab sup run} starts.
 *
 * <p>Start with {@link dev.monarch.supervisor.Supervisor}, which takes the tree's lock, starts the
 * ring and the HTTP gateway and waits for a reason to end. It takes everything from outside -
 * options, environment, output streams - so that a test runs several in one process. What it is
 * told to do is worked out in {@code config}; what it shows over HTTP lives in {@code http}. {@link
 * dev.monarch.supervisor.SupervisorTerm} stops one from another process.
 *
 * <p>This version runs no services; options that concern them are refused by name.
 */
@NullMarked
package dev.monarch.supervisor;

import org.jspecify.annotations.NullMarked;
