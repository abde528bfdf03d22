/**
 * Hooks run as real processes. What waits here waits for a process to end, with a deadline.
 *
 * <p>The groups are made by the programs of the distribution, so that these tests need no launcher.
 */
@NullMarked
package dev.monarch.supervisor.hooks;

import org.jspecify.annotations.NullMarked;
