/**
 * One service of this Supervisor: what shall happen to it, and its hooks (supervisor.md 4).
 *
 * <p>{@link dev.monarch.supervisor.service.ServiceMachine} decides and does nothing itself: it is
 * handed {@link dev.monarch.supervisor.service.ServiceInput}s and the time, and answers with {@link
 * dev.monarch.supervisor.service.ServiceOutput}s, which whoever drives it carries out. Running a
 * hook's file is the one thing here that touches the world.
 */
@NullMarked
package dev.monarch.supervisor.service;

import org.jspecify.annotations.NullMarked;
