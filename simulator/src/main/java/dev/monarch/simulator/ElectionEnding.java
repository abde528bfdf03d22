package dev.monarch.simulator;

/** How a ring of an {@link ElectionScenario} ends. Rings of ours have one way to. */
public sealed interface ElectionEnding {
  /**
   * The group has one leader in all views, or, without a quorum, none; and another one after that
   * one was killed.
   *
   * @param quarrels pairs with an original in them that went on believing in two leaders of one
   *     term for a while
   */
  record Agreed(long quarrels) implements ElectionEnding {}

  /**
   * Not so, for want of something that an original does not do; all of ours in the group are of one
   * mind about that.
   *
   * @param deceived whether somebody lied about elections
   * @param dispute what was not agreed, and the record that each has
   */
  record Stuck(Want want, boolean deceived, String dispute) implements ElectionEnding {}

  /** What is wanted of an original. */
  enum Want {
    /** All that are left of the group are originals. */
    EVERYTHING,
    /** To vote in the record that ours have, instead of keeping to another one. */
    A_VOTE,
    /** To finish, or to give up what it cannot finish: it is the candidate. */
    A_VICTORY,
    /** To follow the leader that ours follow. */
    A_FOLLOWER
  }
}
