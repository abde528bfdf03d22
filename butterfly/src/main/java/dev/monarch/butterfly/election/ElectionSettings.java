package dev.monarch.butterfly.election;

import java.time.Duration;

/**
 * Where elections may differ from the original's, each with its reason. {@link #stock} is the
 * original, {@link #standard} is what a member of ours does. Nothing here changes what is said on
 * the wire or what a record means, so that members of both kinds elect together.
 *
 * @param checkInterval how often a group is looked at whether its leader is lost (9.6); zero: as
 *     soon as something about its members changed, for a second is longer than an election takes
 *     (decision 16)
 * @param pushInterval least time between two pushes to one member of a group while its election
 *     moves; the gossip interval would make an election last seconds (decision 16)
 * @param quorumPatience how long a leader may lack a quorum before it gives up; the original looks
 *     at single moments, and one suspicion that is refuted at once costs the lead (decision 16)
 * @param strangerPatience how long a leader or candidate may be unknown in the ring, for it can be
 *     on the way; the original waits for a leader not at all, and for a candidate for ever
 *     (decision 12)
 * @param retellInterval how often a record that is not finished is told again, and half as often
 *     each time; zero: never. A lost echo leaves an election of originals pending (13, W22;
 *     decision 11)
 * @param corrects whether a record that is not finished follows the quorum as it changes, and gets
 *     the vote of who joins the group; an original shows what was so when the record came (9.5 step
 *     5, W22; decision 11)
 * @param awaitsServices whether the record of a candidate waits until its service in the group is
 *     heard of; of originals a leader without one is never replaced, or stops them (rule S10, W30;
 *     decision 15)
 * @param replacesTheDead whether an election restarts when its candidate dies before it has
 *     finished; of originals nobody ever does (decision 12)
 * @param clearsTheWay whether an election of a later term is preceded by a record that names the
 *     candidate before; originals ignore a later term otherwise (9.5 step 3; decision 12)
 * @param believesOthers whether a later term is believed whomever it names, if a member that lives
 *     was elected in it, or if the leader known so far has voted in it; an original goes on with
 *     the leader it knows, if that one lives, and then there are two, or none (9.5 step 3; decision
 *     13)
 * @param steady whether of two leaders elected in one term the same one wins everywhere, see {@link
 *     ElectionMerge} (decision 13)
 * @param doubtsTheDisk whether a lead read from disk has to be heard from somebody else before it
 *     counts; an original leads until it hears that another one does (decision 14)
 * @param termDistanceMax how far two terms of one group can be apart, unsigned; of two that are
 *     further apart the lower one is right, for nobody has held so many elections. With the
 *     greatest number there is no such limit, and one forged record ends all elections (decision
 *     15)
 */
public record ElectionSettings(
    Duration checkInterval,
    Duration pushInterval,
    Duration quorumPatience,
    Duration strangerPatience,
    Duration retellInterval,
    boolean corrects,
    boolean awaitsServices,
    boolean replacesTheDead,
    boolean clearsTheWay,
    boolean believesOthers,
    boolean steady,
    boolean doubtsTheDisk,
    long termDistanceMax) {

  /** What the original does. */
  public static ElectionSettings stock() {
    return new ElectionSettings(
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        false,
        false,
        false,
        false,
        false,
        false,
        false,
        -1L);
  }

  /** What a member of ours does. */
  public static ElectionSettings standard() {
    return new ElectionSettings(
        Duration.ZERO,
        Duration.ofMillis(50),
        Duration.ofSeconds(2),
        Duration.ofSeconds(3),
        Duration.ofSeconds(3),
        true,
        true,
        true,
        true,
        true,
        true,
        true,
        1L << 32);
  }

  /** True if two terms are too far apart, the first one being the later one. */
  boolean isBeyond(long later, long earlier) {
    return Long.compareUnsigned(later, earlier) > 0
        && Long.compareUnsigned(later - earlier, termDistanceMax) > 0;
  }
}
