package dev.monarch.butterfly.election;

import dev.monarch.wire.Health;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * How a member changes the one record it has of a group's election: functions of that record, of
 * what comes in, and of the group's {@link Population}. There is no state and no time here; {@link
 * Elections} has both.
 *
 * <p>An election is one rumor that everybody in the group improves until nobody can. Each member
 * starts with a record of itself, the better one of two swallows the other with its votes, and when
 * the candidate is told its own record by somebody else, with the votes of all that live, it says
 * "finished". Nobody but the candidate may say so, and whoever is cut off from a quorum says that
 * instead. A later term makes an earlier one void.
 *
 * <p>S is the stored record, I an incoming one, all numbers unsigned (butterfly.md 9.4 to 9.6):
 *
 * <pre>
 *   I arrives, and this member           does
 *   1  runs no service in the group      merge I
 *   2  has no S                          start at I.term, go to 5
 *   3  and I.term > S.term
 *      a  S names this member            start at I.term with the greatest suitability
 *      b  I and S name the same          start at I.term
 *      c  otherwise                      nothing at all (*)
 *   4  and I names this member           no quorum: I says so; quorum, and the whole electorate
 *                                        has voted in I: I is finished
 *   5  and I is not finished             I says of the quorum what is so here
 *   6                                    merge I
 *
 *   S        and                               concern        then
 *   finished names this member, no quorum      quorum lost    restart
 *   finished names one confirmed, departed     gone           restart
 *   finished names one unknown in the ring     stranger       restart
 *   finished names one without a service here                 nothing, for ever (*)
 *   open     names one confirmed, departed     gone           nothing, for ever (*)
 *   open     names one unknown in the ring     stranger       nothing, for ever (*)
 *   open     says of the quorum what is not    outdated       nothing, for ever (*)
 *   open     lacks the vote of this member     outdated       nothing, for ever (*)
 *
 *   start(term, x)   (this member, term, x, running or no quorum, voted by itself), merged into S
 *   restart          start at S.term + 1 in place of S; with the greatest suitability if S names
 *                    this member, else with its own
 * </pre>
 *
 * Update elections differ in this (9.8): row 3 always starts, and every start is with suitability
 * zero unless the service says otherwise.
 *
 * <p>The rows marked (*) are where groups of originals get stuck or end with two leaders. {@link
 * ElectionSettings} says what a member of ours does instead, and why a mixed group stands it.
 */
public final class ElectionRules {
  /** The suitability of one that led before, and is to lead again. */
  static final long GREATEST = -1L;

  private final ElectionKind kind;
  private final ElectionSettings settings;
  private final String self;

  /**
   * The rules as one member follows them.
   *
   * @param self its id
   */
  public ElectionRules(ElectionKind kind, ElectionSettings settings, String self) {
    this.kind = kind;
    this.settings = settings;
    this.self = self;
  }

  /**
   * This member stands for election, because its service starts (9.4). Whatever is stored and
   * better stays.
   *
   * @return the record to store and to tell
   */
  public Election stand(
      Optional<Election> stored, String group, long term, long suitability, Population population) {
    Election own = own(group, term, suitability, population);
    return stored.map(known -> merge(known, own).election()).orElse(own);
  }

  /**
   * A record arrives (9.5).
   *
   * @param suitability this member's own
   * @return the record to store and to tell; empty if nothing changes and nothing is to be said
   */
  public Optional<Election> hear(
      Optional<Election> stored, Election incoming, Population population, long suitability) {
    if (stored.filter(known -> settings.isBeyond(incoming.term(), known.term())).isPresent()) {
      return Optional.empty();
    }
    Optional<Election> credible =
        stored.filter(known -> !settings.isBeyond(known.term(), incoming.term()));
    if (!population.includes(self)) {
      return credible.isEmpty() ? Optional.of(incoming) : changed(merge(credible.get(), incoming));
    }
    if (credible.isEmpty()) {
      Election own =
          own(incoming.group(), incoming.term(), ownSuitability(suitability), population);
      return Optional.of(merge(own, judged(incoming, population)).election());
    }
    Election known = credible.get();
    if (isVictoryOfOld(incoming)) {
      return Optional.empty();
    }
    if (isAnsweredTooLate(known, incoming, population)) {
      return Optional.of(restart(known, population, suitability));
    }
    if (Long.compareUnsigned(incoming.term(), known.term()) <= 0) {
      ElectionMerge.Result result = merge(known, counted(incoming, population));
      return isQuestion(known, incoming) ? Optional.of(result.election()) : changed(result);
    }
    Optional<Long> standing = suitabilityInLaterTerm(known, incoming, suitability);
    if (standing.isPresent()) {
      Election own = own(incoming.group(), incoming.term(), standing.get(), population);
      return Optional.of(merge(own, counted(incoming, population)).election());
    }
    return Optional.of(incoming).filter(later -> isBelieved(later, population));
  }

  /**
   * True for what {@link #ended} says to originals. Nobody wins without a vote, and who leads after
   * all is known by the record it won with.
   */
  private boolean isVictoryOfOld(Election incoming) {
    return settings.clearsTheWay()
        && incoming.status() == ElectionStatus.FINISHED
        && incoming.votes().isEmpty();
  }

  /**
   * True if others still follow this member, which asked whether they do, and there is no quorum
   * any more: they have to hear of that, and would not in the same term (9.3 row 3).
   */
  private boolean isAnsweredTooLate(Election known, Election incoming, Population population) {
    return settings.doubtsTheDisk()
        && known.term() == incoming.term()
        && known.candidate().equals(self)
        && incoming.candidate().equals(self)
        && known.status() != ElectionStatus.FINISHED
        && incoming.status() == ElectionStatus.FINISHED
        && !population.hasQuorum();
  }

  /**
   * True if the sender does not know yet that the election is finished. It has to be answered also
   * by the leader itself, to whom by row 4 its own record comes back as finished and is no news.
   */
  private static boolean isQuestion(Election known, Election incoming) {
    return known.term() == incoming.term()
        && known.status() == ElectionStatus.FINISHED
        && incoming.status() != ElectionStatus.FINISHED
        && !incoming.votes().isEmpty();
  }

  /** Row 3: with what suitability this member takes part in a later term; empty if it does not. */
  private Optional<Long> suitabilityInLaterTerm(
      Election known, Election incoming, long suitability) {
    return switch (kind) {
      case UPDATE_LEADER -> Optional.of(0L);
      case LEADER -> {
        if (known.candidate().equals(self)) {
          yield Optional.of(GREATEST);
        }
        boolean takesPart =
            known.candidate().equals(incoming.candidate())
                || (settings.believesOthers() && incoming.votes().contains(known.candidate()));
        yield takesPart ? Optional.of(suitability) : Optional.empty();
      }
    };
  }

  private long ownSuitability(long suitability) {
    return switch (kind) {
      case LEADER -> suitability;
      case UPDATE_LEADER -> 0;
    };
  }

  private boolean isBelieved(Election later, Population population) {
    return settings.believesOthers()
        && later.status() == ElectionStatus.FINISHED
        && population.includes(later.candidate())
        && isPossiblyAlive(population.healthOf(later.candidate()));
  }

  private static boolean isPossiblyAlive(Optional<Health> health) {
    return health.filter(known -> !known.isWorseThan(Health.SUSPECT)).isPresent();
  }

  /** Row 4, and then row 5. */
  private Election counted(Election incoming, Population population) {
    if (!incoming.candidate().equals(self)) {
      return judged(incoming, population);
    }
    if (!population.hasQuorum()) {
      return withStatus(incoming, ElectionStatus.NO_QUORUM);
    }
    return population.isUnanimous(incoming.votes())
        ? withStatus(incoming, ElectionStatus.FINISHED)
        : judged(incoming, population);
  }

  /** Row 5. */
  private static Election judged(Election incoming, Population population) {
    return incoming.status() == ElectionStatus.FINISHED
        ? incoming
        : withStatus(incoming, open(population));
  }

  private static ElectionStatus open(Population population) {
    return population.hasQuorum() ? ElectionStatus.RUNNING : ElectionStatus.NO_QUORUM;
  }

  private ElectionMerge.Result merge(Election known, Election incoming) {
    return settings.steady()
        ? ElectionMerge.steady(known, incoming)
        : ElectionMerge.merge(known, incoming);
  }

  private static Optional<Election> changed(ElectionMerge.Result result) {
    return result.changed() ? Optional.of(result.election()) : Optional.empty();
  }

  // ---- 9.6 ----

  /** What is wrong with the stored record, as far as the settings see anything wrong in it. */
  Concern concern(Election stored, Population population) {
    boolean own = stored.candidate().equals(self);
    boolean finished = stored.status() == ElectionStatus.FINISHED;
    if (own) {
      if (finished) {
        return population.hasQuorum() ? Concern.NONE : Concern.QUORUM_LOST;
      }
      return openConcern(stored, population);
    }
    Optional<Health> health = population.healthOf(stored.candidate());
    boolean watched = finished || settings.replacesTheDead();
    if (watched && health.filter(known -> known.isWorseThan(Health.SUSPECT)).isPresent()) {
      return Concern.GONE;
    }
    if (watched && health.isEmpty()) {
      return Concern.STRANGER;
    }
    return finished ? Concern.NONE : openConcern(stored, population);
  }

  private Concern openConcern(Election stored, Population population) {
    boolean current = stored.status() == open(population) && stored.votes().contains(self);
    return settings.corrects() && !current ? Concern.OUTDATED : Concern.NONE;
  }

  /**
   * The record as finished, if this member is its candidate and waits only to be told so: an answer
   * that was lost would prove no more than the votes do.
   */
  Optional<Election> finished(Election stored, Population population) {
    boolean elected =
        stored.candidate().equals(self)
            && population.hasQuorum()
            && population.isUnanimous(stored.votes());
    return elected ? Optional.of(withStatus(stored, ElectionStatus.FINISHED)) : Optional.empty();
  }

  /** The record with what is so of the quorum, and with the vote of this member. */
  Election corrected(Election stored, Population population) {
    SequencedSet<String> votes = new LinkedHashSet<>(stored.votes());
    votes.add(self);
    return new Election(
        stored.candidate(),
        stored.group(),
        stored.term(),
        stored.suitability(),
        open(population),
        List.copyOf(votes));
  }

  /**
   * A new term (9.6). Nothing of the stored record is left, so that at no moment there is none (13,
   * W24).
   *
   * <p>A record of ours that takes the place of a candidate that died has at least suitability one:
   * the way is cleared for it by a record of that candidate with none, which it has to beat.
   */
  public Election restart(Election stored, Population population, long suitability) {
    return own(stored.group(), stored.term() + 1, inNextTerm(stored, suitability), population);
  }

  /**
   * A term above one that others have a record of, though its candidate is known to run no service
   * here: otherwise they would go on with that one.
   */
  Election overtake(Election stored, Election other, Population population) {
    return own(stored.group(), other.term() + 1, GREATEST, population);
  }

  private long inNextTerm(Election stored, long suitability) {
    return switch (kind) {
      case UPDATE_LEADER -> 0;
      case LEADER -> {
        if (stored.candidate().equals(self)) {
          yield GREATEST;
        }
        boolean cleared = settings.clearsTheWay() && stored.status() != ElectionStatus.FINISHED;
        yield cleared && suitability == 0 ? 1 : suitability;
      }
    };
  }

  /**
   * The leader hands over: it names the greatest of the others that are alive, with its own vote,
   * for a later term. A follower that is more suitable than one wins over that.
   *
   * @return empty if this member does not lead, or there is nobody who could
   */
  public Optional<Election> nominate(Election stored, Population population) {
    boolean leads = stored.status() == ElectionStatus.FINISHED && stored.candidate().equals(self);
    List<String> others = new ArrayList<>(population.electorate());
    others.remove(self);
    if (!leads || others.isEmpty() || !population.hasQuorum()) {
      return Optional.empty();
    }
    return Optional.of(
        new Election(
            others.getLast(),
            stored.group(),
            stored.term() + 1,
            1,
            ElectionStatus.RUNNING,
            List.of(self)));
  }

  /**
   * What makes an original take part in a later term than its own: it does so only if the record
   * names the candidate it knows (9.5 row 3b). Nobody voted in this record and nothing is less
   * suitable, so it wins nothing, and its candidate cannot finish it.
   *
   * @param before the candidate that others may still know
   */
  static Election clearing(Election current, String before) {
    return new Election(
        before, current.group(), current.term(), 0, ElectionStatus.RUNNING, List.of());
  }

  /**
   * What makes an original begin a later term by itself, if it has voted for a leader that was lost
   * before everybody knew of its victory: it restarts after a leader only (9.6), and holds a
   * candidate. Nobody votes in this record, by which a member of ours tells it from the word of a
   * leader.
   *
   * @param led the record with which it led
   */
  static Election ended(Election led) {
    return new Election(
        led.candidate(),
        led.group(),
        led.term(),
        led.suitability(),
        ElectionStatus.FINISHED,
        List.of());
  }

  /** A lead that was read from disk, as a question to the others. */
  Election doubted(Election restored, Population population) {
    return own(restored.group(), restored.term(), restored.suitability(), population);
  }

  private Election own(String group, long term, long suitability, Population population) {
    return new Election(self, group, term, suitability, open(population), List.of(self));
  }

  private static Election withStatus(Election election, ElectionStatus status) {
    return new Election(
        election.candidate(),
        election.group(),
        election.term(),
        election.suitability(),
        status,
        election.votes());
  }
}
