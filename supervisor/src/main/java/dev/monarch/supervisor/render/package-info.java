/**
 * A service's own directory, and what the Supervisor puts there (supervisor.md 1.3, 6.8, 6.9, 7.7).
 *
 * <p>{@link dev.monarch.supervisor.render.ServiceTree} names and makes the directories, {@link
 * dev.monarch.supervisor.render.Ownership} says whose they are. {@link
 * dev.monarch.supervisor.render.ServiceRendering} fills templates and {@link
 * dev.monarch.supervisor.render.ServiceFiles} takes files from the ring. All writing goes through
 * {@link dev.monarch.supervisor.render.Placement}, which is where to start reading: the Supervisor
 * may be root, and the service it writes for need not be friendly.
 */
@NullMarked
package dev.monarch.supervisor.render;

import org.jspecify.annotations.NullMarked;
