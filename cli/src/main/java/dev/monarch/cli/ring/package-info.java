/**
 * {@code hab ring}: the keys of a ring, and what a running Supervisor knows of its members.
 *
 * <p>{@code members} and {@code watch} ask a Supervisor's HTTP gateway ({@link
 * dev.monarch.cli.ring.Gateway}) and show what {@link dev.monarch.cli.ring.RingMembers} read from
 * its answer. The key commands need no Supervisor. The live demonstration has its own package,
 * {@code dev.monarch.cli.demo}.
 */
@NullMarked
package dev.monarch.cli.ring;

import org.jspecify.annotations.NullMarked;
