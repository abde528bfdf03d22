/**
 * One service's machine tried without a process, and hooks with real ones.
 *
 * <p>{@code World} is a shell of the machine that has no world: it answers as told and holds the
 * invariants.
 */
@NullMarked
package dev.monarch.supervisor.service;

import org.jspecify.annotations.NullMarked;
