/**
 * {@code hab ring}: what a running Supervisor knows of its ring's members.
 *
 * <p>{@code members} and {@code watch} ask a Supervisor's HTTP gateway ({@link
 * dev.monarch.cli.ring.Gateway}) and show what {@link dev.monarch.cli.ring.RingMembers} read from
 * its answer. Keys and the live demonstration have packages of their own, {@code
 * dev.monarch.cli.key} and {@code dev.monarch.cli.demo}.
 */
@NullMarked
package dev.monarch.cli.ring;

import org.jspecify.annotations.NullMarked;
