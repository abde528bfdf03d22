/**
 * Elections as every member has to treat them, also one that runs no service: merged and passed on
 * (butterfly.md 9.3), and the count of a group's members that decides about a quorum (9.2). Nothing
 * here starts an election.
 */
@NullMarked
package dev.monarch.butterfly.election;

import org.jspecify.annotations.NullMarked;
