package dev.monarch.butterfly.election;

import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionStatus;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;

/**
 * What becomes of two records of one election (butterfly.md 9.3). The first row that fits decides;
 * S is stored, I comes in.
 *
 * <pre>
 *   1  S = I                                     S                   unchanged
 *   2  I.term >= S.term, I finished              I
 *   3  I.term =  S.term, S finished              S + votes of I
 *   4  S.term >  I.term                          S                   told again
 *   5  S.suitability > I.suitability             S + votes of I
 *   6  I.suitability > S.suitability             I + votes of S
 *   7  S.candidate >= I.candidate                S + votes of I
 *   8  otherwise                                 I + votes of S
 * </pre>
 *
 * Terms and suitabilities are unsigned, votes keep their order, and rows 5 to 8 are reached by an
 * unfinished I of a later term too: the original does so, and a ring of both needs one rule.
 *
 * <p>By row 2 two leaders of one term replace each other as they are heard, the last one winning,
 * and two lists of votes in another order do the same, finished or not. The steady merge (decision
 * 13) ends that:
 *
 * <pre>
 *   0   S unchanged by I, and nobody voted in I,
 *       or S = I but for the order of the votes   S                   unchanged
 *   2a  both finished, term and candidate equal   S + votes of I      unchanged if that is S
 *   2b  both finished, terms equal                by rows 5 to 8, without votes
 * </pre>
 */
public final class ElectionMerge {
  /** More voters than any group has; a union of votes beyond it would be somebody's flood. */
  static final int VOTES_MAX = 4096;

  /**
   * What became of them.
   *
   * @param election the record to store
   * @param changed whether it is to be told on; not the same as whether it differs (row 4)
   */
  public record Result(Election election, boolean changed) {}

  private ElectionMerge() {}

  /** The original's merge. */
  public static Result merge(Election stored, Election incoming) {
    if (stored.equals(incoming)) {
      return new Result(stored, false);
    }
    return new Result(winner(stored, incoming), true);
  }

  /** The merge in which of two finished records of one term the same one wins everywhere. */
  public static Result steady(Election stored, Election incoming) {
    boolean bothElected =
        stored.term() == incoming.term()
            && stored.status() == ElectionStatus.FINISHED
            && incoming.status() == ElectionStatus.FINISHED;
    if (bothElected && stored.candidate().equals(incoming.candidate())) {
      Election together = withVotes(stored, incoming.votes());
      return new Result(together, !together.equals(stored));
    }
    if (bothElected) {
      return new Result(isBetter(incoming, stored) ? incoming : stored, true);
    }
    Result result = merge(stored, incoming);
    boolean saysNothing = incoming.votes().isEmpty() || isSameButForOrder(stored, incoming);
    boolean isNews = !saysNothing || !result.election().equals(stored);
    return new Result(result.election(), result.changed() && isNews);
  }

  private static boolean isSameButForOrder(Election one, Election other) {
    return one.term() == other.term()
        && one.suitability() == other.suitability()
        && one.status() == other.status()
        && one.candidate().equals(other.candidate())
        && Set.copyOf(one.votes()).equals(Set.copyOf(other.votes()));
  }

  private static Election winner(Election stored, Election incoming) {
    int term = Long.compareUnsigned(incoming.term(), stored.term());
    if (term >= 0 && incoming.status() == ElectionStatus.FINISHED) {
      return incoming;
    }
    if (term == 0 && stored.status() == ElectionStatus.FINISHED) {
      return withVotes(stored, incoming.votes());
    }
    if (term < 0) {
      return stored;
    }
    return isBetter(incoming, stored)
        ? withVotes(incoming, stored.votes())
        : withVotes(stored, incoming.votes());
  }

  /** True if one record beats another one, by suitability and then by the candidate's id. */
  static boolean isBetter(Election one, Election other) {
    int suitability = Long.compareUnsigned(one.suitability(), other.suitability());
    return suitability != 0 ? suitability > 0 : one.candidate().compareTo(other.candidate()) > 0;
  }

  private static Election withVotes(Election election, List<String> others) {
    SequencedSet<String> votes = new LinkedHashSet<>(election.votes());
    for (String vote : others) {
      if (votes.size() >= VOTES_MAX) {
        break;
      }
      votes.add(vote);
    }
    return new Election(
        election.candidate(),
        election.group(),
        election.term(),
        election.suitability(),
        election.status(),
        List.copyOf(votes));
  }
}
