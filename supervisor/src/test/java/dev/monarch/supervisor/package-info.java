/**
 * Supervisors started in this process and in others, on loopback addresses of their own and with
 * trees in temporary directories. {@link dev.monarch.supervisor.RunningSupervisor} starts and stops
 * one; {@link dev.monarch.supervisor.Eventually} waits for what really takes time.
 */
@NullMarked
package dev.monarch.supervisor;

import org.jspecify.annotations.NullMarked;
