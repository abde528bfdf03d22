package dev.monarch.butterfly.election;

/** What is wrong with an election as it stands, in the eyes of a member of its group (9.6). */
enum Concern {
  /** Nothing. */
  NONE,
  /** This member leads and there is no quorum any more. */
  QUORUM_LOST,
  /** The leader, or the candidate of a record not finished, is confirmed or departed. */
  GONE,
  /** The leader or candidate is no member of the ring, as far as known. */
  STRANGER,
  /**
   * The record is not finished, and says of the quorum what is not so here or lacks the vote of
   * this member, which joined the group after it was stored.
   */
  OUTDATED
}
