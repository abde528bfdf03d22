/**
 * Elections: who leads a service group, and who of it is updated first (butterfly.md 9).
 *
 * <p>Start with {@link dev.monarch.butterfly.election.ElectionRules}, which has the transition
 * table and what an election is. {@link dev.monarch.butterfly.election.ElectionMerge} says which of
 * two records wins, {@link dev.monarch.butterfly.election.Population} who votes and what a quorum
 * is, {@link dev.monarch.butterfly.election.Elections} what happens after a while, and {@link
 * dev.monarch.butterfly.election.ElectionSettings} where all this differs from the original. A
 * member that runs no service of a group takes part too: it merges and passes on.
 */
@NullMarked
package dev.monarch.butterfly.election;

import org.jspecify.annotations.NullMarked;
