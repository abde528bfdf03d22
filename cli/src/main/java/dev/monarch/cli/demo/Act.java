package dev.monarch.cli.demo;

/** What can be done to the ring. */
sealed interface Act {
  /** Start all five. */
  record StartAll() implements Act {}

  /** Ask it to stop, as an operator does. */
  record Stop(char member) implements Act {}

  /** Kill it, as a power failure does. */
  record Kill(char member) implements Act {}

  /** Kill the member that all services take for their leader; nothing if they do not agree. */
  record KillLeader() implements Act {}

  /** Let it run no more, but leave it in memory, as a hanging host does. */
  record Freeze(char member) implements Act {}

  /** Start it again, or let it run on. */
  record Revive(char member) implements Act {}

  /** Cut the network between A, B and C, D, E. */
  record Split() implements Act {}

  /** Repair the network. */
  record Heal() implements Act {}

  /** Watch on. */
  record Wait() implements Act {}
}
