/**
 * Who is in the ring and how they are: the member list with its merge rules and its timers, and the
 * bound that keeps it small. Start with {@link dev.monarch.butterfly.membership.MemberList}.
 *
 * <p>How a silent member is found out is told in {@code dev.monarch.butterfly.detector}; here it is
 * only believed or not.
 */
@NullMarked
package dev.monarch.butterfly.membership;

import org.jspecify.annotations.NullMarked;
