/**
 * Whole rings in virtual time: many members, one thread, one seed.
 *
 * <p>The simulator drives the production machine ({@link dev.monarch.butterfly.Butterfly}) and the
 * production codec; only what surrounds a member is modelled here: the network with all it can do
 * to a datagram and to a connection, the disk, the process that freezes, dies and comes back. After
 * every event the {@linkplain dev.monarch.simulator.Invariants invariants} are checked. A run is
 * known by its {@linkplain dev.monarch.simulator.Simulation#hash() hash}: the same seed gives the
 * same hash, on any machine.
 *
 * <p>Start with {@link dev.monarch.simulator.Simulation}; a random script of faults is made by
 * {@link dev.monarch.simulator.RandomScenario}. Nothing here decides what a member does.
 */
@NullMarked
package dev.monarch.simulator;

import org.jspecify.annotations.NullMarked;
