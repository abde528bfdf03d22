/**
 * What outlives a member's process, in the original's files (butterfly.md 10.1, 10.2).
 *
 * <p>{@link dev.monarch.ring.disk.MemberFiles} keeps the id and the incarnation, {@link
 * dev.monarch.ring.disk.RumorFile} members and rumors. Every file is replaced as a whole, so that a
 * crash at any instant leaves the old content or the new. Trouble at the start is an {@link
 * dev.monarch.ring.disk.UnusableFileException} with one line for the operator; later it is an
 * ordinary {@link java.io.IOException}, which the caller reports and survives.
 */
@NullMarked
package dev.monarch.ring.disk;

import org.jspecify.annotations.NullMarked;
