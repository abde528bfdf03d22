/**
 * The services of one Supervisor, all together: what ties specs on disk, the ring, commands and
 * processes to the machines that decide.
 *
 * <p>Start with {@link dev.monarch.supervisor.manager.Manager}: one thread that takes one thing
 * after the other. {@link dev.monarch.supervisor.manager.Resident} carries out what one service's
 * machine wants; whatever may wait - disk, hooks, the Launcher - it does on a worker of that
 * service, so that a service that hangs delays itself alone.
 */
@NullMarked
package dev.monarch.supervisor.manager;

import org.jspecify.annotations.NullMarked;
