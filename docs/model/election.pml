/*
 * How a service group elects its leader, reduced to what an election is about. README.md beside
 * this file tells what is left out, what is assumed and how to read what SPIN prints; `check` runs
 * it. Numbers in parentheses are sections of the specification, butterfly.md; names are those of
 * ElectionRules, ElectionMerge and Elections in room butterfly.
 *
 * A group of MEMBERS members, 0 < 1 < 2 ... by id, all equally suitable. Each has one record, which
 * it improves by what it hears and tells to the others by pushes; one push at most is under way
 * from one member to another. Health is what a member believes about another one, and each finds
 * out for itself, at any time, that another one has gone or is back.
 *
 *   process              steps, each of them whole and at any moment it is possible
 *   Member(self)         stand, review (9.6), retell (decision 11), and what goes wrong with it
 *   Pair(self, other)    push, hear (9.5), notice, and what goes wrong between the two
 */

#ifndef MEMBERS
#define MEMBERS 3
#endif

/* Who follows Monarch's rules, by bits; the others follow the original's. */
#ifndef MONARCHS
#define MONARCHS ((1 << MEMBERS) - 1)
#endif
#define isOurs(member) ((MONARCHS >> (member)) & 1)

/* Where it begins: with no service started, or with the greatest member leading in quiet. */
#ifndef SETTLED
#define SETTLED 1
#endif

/* What goes wrong, and how often. */
#ifndef CRASHES
#define CRASHES 0
#endif
#ifndef CUTS
#define CUTS 0
#endif
#ifndef LOSSES
#define LOSSES 0
#endif
#ifndef SUSPICIONS
#define SUSPICIONS 0
#endif
#ifndef HANDOVERS
#define HANDOVERS 0
#endif
#ifndef TRIGGERS
#define TRIGGERS 0
#endif

/* Whoever holds a living candidate dead has noticed its mistake before it restarts this term. */
#ifndef MISTAKES
#define MISTAKES 1
#endif

/* Terms there are, at most: that no run needs more is asserted. */
#define TERMS 8

#define EVERYBODY ((1 << MEMBERS) - 1)
#define NOBODY MEMBERS
#define bit(member) (1 << (member))
#define greatest(set) \
  ((set) >= 8 -> 3 : ((set) >= 4 -> 2 : ((set) >= 2 -> 1 : 0)))
#define count(set) (((set) & 1) + (((set) >> 1) & 1) + (((set) >> 2) & 1) + (((set) >> 3) & 1))

/* ---- Records (9.1) ---- */

mtype = { NO_QUORUM, RUNNING, FINISHED };

/* The status of no record at all. */
#define ABSENT 0

/* Suitabilities: the least, one more, and that of whoever led before. */
#define GREATEST 3

/*
 * Votes are a set of members. Only originals look at their order, and where there are any, votes
 * are a list: three bits for each, the first one lowest, a member as its number + 1.
 */
typedef Record {
  byte candidate;
  byte term;
  byte suitability;
  mtype status;
  short votes
}

#if MONARCHS == EVERYBODY
#define voteOf(member) bit(member)
#define voters(votes) (votes)
#define hasVoted(member, votes) (((votes) >> (member)) & 1)
inline appendVotes(all, others) {
  all = all | others
}
#else
#define voteOf(member) ((member) + 1)
#define slot(votes, n) (((votes) >> (3 * (n))) & 7)
#define isIn(votes, n, member) (slot(votes, n) == voteOf(member))
#if MEMBERS > 3
#define hasVoted(member, votes) \
  (isIn(votes, 0, member) || isIn(votes, 1, member) || isIn(votes, 2, member) || \
    isIn(votes, 3, member))
#define voters(votes) \
  ((bit(slot(votes, 0)) | bit(slot(votes, 1)) | bit(slot(votes, 2)) | bit(slot(votes, 3))) >> 1)
#else
#define hasVoted(member, votes) \
  (isIn(votes, 0, member) || isIn(votes, 1, member) || isIn(votes, 2, member))
#define voters(votes) ((bit(slot(votes, 0)) | bit(slot(votes, 1)) | bit(slot(votes, 2))) >> 1)
#endif
#define withVote(votes, vote) \
  (((vote) == 0 || hasVoted((vote) - 1, votes)) -> (votes) : \
    ((votes) == 0 -> (vote) : \
      ((votes) < 8 -> (votes) | ((vote) << 3) : \
        ((votes) < 64 -> (votes) | ((vote) << 6) : (votes) | ((vote) << 9)))))
inline appendVotes(all, others) {
  all = withVote(all, slot(others, 0));
  all = withVote(all, slot(others, 1));
  all = withVote(all, slot(others, 2));
#if MEMBERS > 3
  all = withVote(all, slot(others, 3))
#endif
}
#endif

/* For who reads a trace: members are a, b, c; README.md tells how votes are printed. */
#define letter(member) (97 + (member))
inline describe(record) {
  printf("%c@%d suitability %d %e votes %o\n", letter(record.candidate), record.term,
    record.suitability, record.status, record.votes)
}

#define areEqual(one, another) \
  (one.candidate == another.candidate && one.term == another.term && \
    one.suitability == another.suitability && one.status == another.status && \
    one.votes == another.votes)
#define areEqualButForOrder(one, another) \
  (one.candidate == another.candidate && one.term == another.term && \
    one.suitability == another.suitability && one.status == another.status && \
    voters(one.votes) == voters(another.votes))

inline copy(to, from) {
  to.candidate = from.candidate;
  to.term = from.term;
  to.suitability = from.suitability;
  to.status = from.status;
  to.votes = from.votes
}

/* ---- What there is ---- */

Record stored[MEMBERS];

/* A push: the record, and what it is prefaced with (decision 12): NOBODY for nothing, a candidate that
   clears the way, or a candidate and the term in which it has led, as ended() writes it. */
chan underWay[MEMBERS * MEMBERS] = [1] of { byte, Record };
#define way(from, to) underWay[(from) * MEMBERS + (to)]
#define ended(candidate, term) (MEMBERS * ((term) + 2) + (candidate))
#define isEnded(preface) ((preface) > NOBODY)
#define endedCandidate(preface) ((preface) % MEMBERS)
#define endedTerm(preface) ((preface) / MEMBERS - 2)
#define isUnderWay(from, to) (len(way(from, to)) > 0)

/* Sets of members, for each member: who is still to be told, who is held dead, who is suspected. */
byte hot[MEMBERS];
byte heldDead[MEMBERS];
byte suspected[MEMBERS];

/* The candidate of the term before, and whether a preface naming it can do no harm; if it led, in which
   term and who had voted for it. */
byte former[MEMBERS];
bool formerWasOpen[MEMBERS];
byte formerTerm[MEMBERS];
byte formerVotes[MEMBERS];

byte living = EVERYBODY;
byte stood;
byte cutOff = NOBODY;

byte crashesLeft = CRASHES;
byte cutsLeft = CUTS;
byte lossesLeft = LOSSES;
byte suspicionsLeft = SUSPICIONS;
byte handoversLeft = HANDOVERS;
byte triggersLeft = TRIGGERS;

/* What one step works on. Nothing of it outlives the step, so it is no part of a state. */
hidden Record heard;
hidden Record before;
hidden Record pushed;
hidden byte preface;
hidden byte isPreface;
hidden byte news;
hidden byte isOther;
hidden byte isQuestion;
hidden byte isVerdict;
hidden byte ownSuitability;

#define isAlive(member) ((living >> (member)) & 1)
#define isCut(one, another) \
  (cutOff != NOBODY && ((one) == cutOff || (another) == cutOff))
#define isHeldDead(self, other) ((heldDead[self] >> (other)) & 1)
#define isSuspected(self, other) ((suspected[self] >> (other)) & 1)
#define isAway(self, other) (!isAlive(other) || isCut(self, other))
#define hasToNotice(self, other) (isHeldDead(self, other) != isAway(self, other))
#define trusts(self, other) (isSuspected(self, other) && !isAway(self, other))
#define maySuspect(self, other) \
  (suspicionsLeft > 0 && !isAway(self, other) && !isSuspected(self, other))

/* ---- Population (9.2) ---- */

#define electorate(self) (EVERYBODY & ~(heldDead[self] | suspected[self]))
#define hasQuorum(self) (count(electorate(self)) > MEMBERS / 2)
#define openStatus(self) (hasQuorum(self) -> RUNNING : NO_QUORUM)
#define isUnanimous(self, votes) ((electorate(self) & ~voters(votes)) == 0)

/* ---- Merge (9.3, decision 13) ---- */

#define isBetter(one, another) \
  (one.suitability > another.suitability \
    || (one.suitability == another.suitability && one.candidate > another.candidate))

inline mergeByRows(self) {
  if
  :: areEqual(stored[self], heard) -> news = false
  :: else ->
    news = true;
    if
    :: heard.term >= stored[self].term && heard.status == FINISHED -> copy(stored[self], heard)
    :: else ->
      if
      :: heard.term == stored[self].term && stored[self].status == FINISHED ->
        appendVotes(stored[self].votes, heard.votes)
      :: else ->
        if
        :: stored[self].term > heard.term -> skip
        :: else ->
          if
          :: isBetter(heard, stored[self]) ->
            appendVotes(heard.votes, stored[self].votes);
            copy(stored[self], heard)
          :: else -> appendVotes(stored[self].votes, heard.votes)
          fi
        fi
      fi
    fi
  fi
}

/* What comes in is merged into what is stored; news is whether it is told on. */
inline merge(self) {
  if
  :: isOurs(self) && stored[self].term == heard.term &&
      stored[self].status == FINISHED && heard.status == FINISHED ->
    if
    :: stored[self].candidate == heard.candidate ->
      news = (voters(heard.votes) & ~voters(stored[self].votes)) != 0;
      appendVotes(stored[self].votes, heard.votes)
    :: else ->
      news = true;
      if
      :: isBetter(heard, stored[self]) -> copy(stored[self], heard)
      :: else -> skip
      fi
    fi
  :: else ->
    isOther = !isOurs(self) || (heard.votes != 0 && !areEqualButForOrder(stored[self], heard));
    mergeByRows(self);
    news = news && (isOther || !areEqual(stored[self], before))
  fi
}

/* ---- Starts (9.4) and restarts (9.6) ---- */

inline start(self, inTerm) {
  stored[self].candidate = self;
  stored[self].suitability = ownSuitability;
  stored[self].term = inTerm;
  stored[self].status = openStatus(self);
  stored[self].votes = voteOf(self)
}

inline restart(self) {
  assert(stored[self].term + 1 < TERMS);
  ownSuitability = (stored[self].candidate == self -> GREATEST :
    (isOurs(self) && stored[self].status != FINISHED -> 1 : 0));
  start(self, stored[self].term + 1)
}

/* ---- What is wrong with a record (9.6, decisions 11 and 12) ---- */

#define isOpen(self) (stored[self].status == RUNNING || stored[self].status == NO_QUORUM)
#define hasLostQuorum(self) \
  (stored[self].status == FINISHED && stored[self].candidate == self && !hasQuorum(self))
#define isMistaken(self) (!isAway(self, stored[self].candidate))
#define isGone(self) \
  (stored[self].status != ABSENT && isHeldDead(self, stored[self].candidate) \
    && (stored[self].status == FINISHED || isOurs(self)) \
    && (!isMistaken(self) || stored[self].term < MISTAKES))
#define isOutdated(self) \
  (isOurs(self) && isOpen(self) \
    && ((stored[self].status == RUNNING) != hasQuorum(self) || !hasVoted(self, stored[self].votes)))

/* ---- A record has taken the place of the one before ---- */

inline remember(self) {
  printf("        %c has ", letter(self));
  describe(stored[self]);
  assert(stored[self].term >= before.term);
  assert(stored[self].status != FINISHED || stored[self].candidate != self || isVerdict ||
    before.status == FINISHED && before.candidate == self && before.term == stored[self].term ||
    hasQuorum(self) && isUnanimous(self, stored[self].votes));
  if
  :: before.status != ABSENT && before.term < stored[self].term && isOurs(self) ->
    former[self] = before.candidate;
    formerWasOpen[self] = before.status != FINISHED || before.candidate == self;
    if
    :: before.status == FINISHED ->
      formerTerm[self] = before.term;
      formerVotes[self] = voters(before.votes)
    :: else ->
      formerTerm[self] = 0;
      formerVotes[self] = 0
    fi
  :: else -> skip
  fi;
  hot[self] = EVERYBODY & ~bit(self)
}

#define hasToReview(self) (hasLostQuorum(self) || isGone(self) || isOutdated(self))

inline review(self) {
  copy(before, stored[self]);
  isVerdict = false;
  if
  :: hasLostQuorum(self) || isGone(self) -> restart(self)
  :: else ->
    stored[self].status = openStatus(self);
    appendVotes(stored[self].votes, voteOf(self))
  fi;
  remember(self)
}

/* ---- A record arrives (9.5) ---- */

/* Row 5. */
inline judge(self) {
  heard.status = (heard.status == FINISHED -> FINISHED : openStatus(self))
}

/* Row 4, and then row 5. */
inline judgeOwn(self) {
  if
  :: heard.candidate == self && !hasQuorum(self) -> heard.status = NO_QUORUM
  :: heard.candidate == self && hasQuorum(self) && isUnanimous(self, heard.votes) ->
    heard.status = FINISHED
  :: else -> judge(self)
  fi
}

#define isAnsweredTooLate(self) \
  (isOurs(self) && stored[self].term == heard.term && stored[self].candidate == self \
    && heard.candidate == self && stored[self].status != FINISHED && heard.status == FINISHED \
    && !hasQuorum(self))

/* Row 3, and decision 13. */
#define takesPart(self) \
  (stored[self].candidate == self || stored[self].candidate == heard.candidate \
    || (isOurs(self) && hasVoted(stored[self].candidate, heard.votes)))
/* What ended() says to originals. */
#define isVictoryOfOld(self) \
  (isOurs(self) && stored[self].status != ABSENT && heard.status == FINISHED && heard.votes == 0)

#define isBelieved(self) \
  (isOurs(self) && heard.status == FINISHED && !isHeldDead(self, heard.candidate))

inline hear(self) {
  copy(before, stored[self]);
  isVerdict = heard.status == FINISHED;
  isQuestion = isOurs(self) && before.status == FINISHED && before.term == heard.term &&
    heard.status != FINISHED && heard.votes != 0;
  if
  :: before.status == ABSENT ->
    ownSuitability = 0;
    start(self, heard.term);
    judge(self);
    merge(self);
    news = true
  :: else ->
    if
    :: isAnsweredTooLate(self) ->
      restart(self);
      news = true
    :: else ->
      if
      :: heard.term <= before.term ->
        judgeOwn(self);
        merge(self);
        news = news || isQuestion
      :: else ->
        if
        :: takesPart(self) ->
          ownSuitability = (before.candidate == self -> GREATEST : 0);
          start(self, heard.term);
          judgeOwn(self);
          merge(self);
          news = true
        :: else ->
          news = isBelieved(self);
          if
          :: news -> copy(stored[self], heard)
          :: else -> skip
          fi
        fi
      fi
    fi
  fi;
  if
  :: news ->
    remember(self)
  :: else -> skip
  fi
}

/* ---- Telling ---- */

/* What an original has to hear first, to take part in a later term (decision 12). */
#define isHarmless(self) \
  (stored[self].status == FINISHED || (formerWasOpen[self] && stored[self].suitability != 0) \
    || hasVoted(former[self], stored[self].votes))
#define prefaceOf(self, other) \
  ((former[self] == NOBODY || former[self] == stored[self].candidate) -> NOBODY : \
    (isHarmless(self) -> former[self] : \
      (((formerVotes[self] >> (other)) & 1) -> ended(former[self], formerTerm[self]) : NOBODY)))

/* An open record is told again so that whoever has it answers, or is finished (decision 11). */
inline retell(self) {
  copy(before, stored[self]);
  isVerdict = false;
  if
  :: stored[self].candidate == self && hasQuorum(self) && isUnanimous(self, stored[self].votes) ->
    stored[self].status = FINISHED
  :: else -> skip
  fi;
  remember(self)
}

/* Other members are alive now than before: an open record is told again at once (decision 11). */
inline votersChanged(self) {
  if
  :: isOurs(self) && isOpen(self) && !hasToReview(self) -> retell(self)
  :: else -> skip
  fi
}

inline drop(from, to) {
  way(from, to) ? preface, pushed
}

/* ---- When nothing more is on its way ---- */

#define canTell(one, another) \
  (isAlive(one) && ((hot[one] >> (another)) & 1) && isAlive(another) && !isHeldDead(one, another) \
    && !isCut(one, another))
#define isBusy(one, another) \
  (isAlive(another) && !isCut(one, another) && isUnderWay(one, another) \
    || canTell(one, another))
#define hasNoticed(one, another) \
  (!isAlive(one) || (!hasToNotice(one, another) && !isSuspected(one, another)))

#define isIdle(one) (!isAlive(one) || !hasToReview(one))
#define pairIsQuiet(one, another) \
  (!isBusy(one, another) && !isBusy(another, one) && isIdle(one) && isIdle(another))
#define pairIsCalm(one, another) (hasNoticed(one, another) && hasNoticed(another, one))

#if MEMBERS == 2
#define allPairs(are) are(0, 1)
#elif MEMBERS == 3
#define allPairs(are) (are(0, 1) && are(0, 2) && are(1, 2))
#else
#define allPairs(are) \
  (are(0, 1) && are(0, 2) && are(0, 3) && are(1, 2) && are(1, 3) && are(2, 3))
#endif

#define mayPush(one, another) (canTell(one, another) && !isUnderWay(one, another))

/* Nobody has anything to say. */
#define isQuiet allPairs(pairIsQuiet)
/* Whatever went wrong is over, and everybody has noticed that. */
#define isCalm (cutOff == NOBODY && stood == EVERYBODY && allPairs(pairIsCalm))

/* ---- Processes ---- */

proctype Member(byte self) {
  do
  :: d_step {
      isAlive(self) && !((stood >> self) & 1) ->
      printf("%c stands\n", letter(self));
      stood = stood | bit(self);
      copy(before, stored[self]);
      isVerdict = false;
      if
      :: before.status == ABSENT ->
        ownSuitability = 0;
        start(self, 0)
      :: else ->
        heard.candidate = self;
        heard.term = 0;
        heard.suitability = 0;
        heard.status = openStatus(self);
        heard.votes = voteOf(self);
        mergeByRows(self)
      fi;
      remember(self)
    }
  :: d_step {
      /* A leader's patience (decision 16) and the original's second are any time at all. */
      isAlive(self) && hasToReview(self) ->
      printf("%c reviews\n", letter(self));
      review(self)
    }
  :: d_step {
      isAlive(self) && isOurs(self) && isCalm && isQuiet &&
        stored[self].status != FINISHED && stored[self].status != ABSENT ->
      printf("%c tells again\n", letter(self));
      retell(self)
    }
  :: d_step {
      crashesLeft > 0 && isAlive(self) ->
      printf("%c dies\n", letter(self));
      crashesLeft--;
      living = living & ~bit(self);
      hot[self] = 0;
      heldDead[self] = 0;
      suspected[self] = 0;
      former[self] = NOBODY;
      formerWasOpen[self] = false;
      formerTerm[self] = 0;
      formerVotes[self] = 0;
      stood = stood | bit(self);
      stored[self].candidate = 0;
      stored[self].term = 0;
      stored[self].suitability = 0;
      stored[self].status = ABSENT;
      stored[self].votes = 0
    }
  :: d_step {
      cutsLeft > 0 && cutOff == NOBODY ->
      printf("%c is cut off\n", letter(self));
      cutsLeft--;
      cutOff = self
    }
  :: d_step {
      cutOff == self ->
      printf("%c is joined again\n", letter(self));
      cutOff = NOBODY
    }
  :: d_step {
      triggersLeft > 0 && isAlive(self) && stored[self].status != ABSENT ->
      printf("%c restarts the election\n", letter(self));
      triggersLeft--;
      copy(before, stored[self]);
      isVerdict = false;
      restart(self);
      remember(self)
    }
  :: d_step {
      handoversLeft > 0 && isAlive(self) && stored[self].status == FINISHED &&
        stored[self].candidate == self && hasQuorum(self) &&
        isOurs(self) && (electorate(self) & ~bit(self)) != 0 ->
      printf("%c hands over\n", letter(self));
      handoversLeft--;
      copy(before, stored[self]);
      isVerdict = false;
      stored[self].candidate = greatest(electorate(self) & ~bit(self));
      stored[self].term = stored[self].term + 1;
      stored[self].suitability = 1;
      stored[self].status = RUNNING;
      stored[self].votes = voteOf(self);
      remember(self)
    }
  od
}

proctype Pair(byte self; byte other) {
  do
  :: d_step {
      mayPush(self, other) ->
      hot[self] = hot[self] & ~bit(other);
      if
      :: isOurs(self) -> preface = prefaceOf(self, other)
      :: else -> preface = NOBODY
      fi;
      way(self, other) ! preface, stored[self]
    }
  :: d_step {
      isAlive(self) && !isCut(self, other) && isUnderWay(other, self) ->
      way(other, self) ? preface, pushed;
      printf("%c hears from %c: ", letter(self), letter(other));
      describe(pushed);
      do
      :: copy(heard, pushed);
        isPreface = preface != NOBODY;
        if
        :: isEnded(preface) ->
          printf("        after a preface by which %c has led in %d\n",
            letter(endedCandidate(preface)), endedTerm(preface));
          heard.candidate = endedCandidate(preface);
          heard.term = endedTerm(preface);
          heard.suitability = 0;
          heard.status = FINISHED;
          heard.votes = 0;
          preface = NOBODY
        :: isPreface && !isEnded(preface) ->
          printf("        after a preface that names %c\n", letter(preface));
          heard.candidate = preface;
          heard.suitability = 0;
          heard.status = RUNNING;
          heard.votes = 0;
          preface = NOBODY
        :: else -> skip
        fi;
        if
        :: isVictoryOfOld(self) -> skip
        :: else -> hear(self)
        fi;
        if
        :: isPreface -> skip
        :: else -> break
        fi
      od;
      skip
    }
  :: d_step {
      isAlive(self) && (hasToNotice(self, other) || trusts(self, other) || maySuspect(self, other)) ->
      if
      :: hasToNotice(self, other) ->
        heldDead[self] = heldDead[self] ^ bit(other);
        suspected[self] = suspected[self] & ~bit(other);
        printf("%c holds %c %d (1 dead, 0 alive)\n", letter(self), letter(other),
          isHeldDead(self, other));
        if
        :: isOurs(self) && !isHeldDead(self, other) && stored[self].status != ABSENT ->
          hot[self] = hot[self] | bit(other)
        :: else -> skip
        fi
      :: else ->
        suspected[self] = suspected[self] ^ bit(other);
        suspicionsLeft = suspicionsLeft - isSuspected(self, other);
        printf("%c suspects %c %d (1 yes, 0 no longer)\n", letter(self), letter(other),
          isSuspected(self, other))
      fi;
      votersChanged(self)
    }
  :: d_step {
      lossesLeft > 0 && isUnderWay(self, other) ->
      printf("a push from %c to %c is lost\n", letter(self), letter(other));
      lossesLeft--;
      drop(self, other)
    }
    /* A push that fails is tried again by ours, and counts as told by originals (W9). */
  :: d_step {
      isCut(self, other) && isUnderWay(self, other) ->
      printf("a push from %c to %c fails\n", letter(self), letter(other));
      drop(self, other);
      if
      :: isOurs(self) -> hot[self] = hot[self] | bit(other)
      :: else -> skip
      fi
    }
  :: d_step {
      !isOurs(self) && isCut(self, other) && isAlive(self) && (hot[self] >> other) & 1 &&
        !isHeldDead(self, other) && !isUnderWay(self, other) ->
      printf("a push from %c to %c fails\n", letter(self), letter(other));
      hot[self] = hot[self] & ~bit(other)
    }
  :: d_step {
      !(isAlive(self) && isAlive(other)) && isUnderWay(self, other) ->
      printf("a push from %c to %c fails\n", letter(self), letter(other));
      drop(self, other)
    }
  od
}

#define agrees(one, another) \
  ((!isAlive(one) || !isAlive(another)) \
    || (stored[one].status == FINISHED && stored[another].status == FINISHED \
      && stored[one].candidate == stored[another].candidate && isAlive(stored[one].candidate) \
      && stored[one].term == stored[another].term))
#define isAgreed allPairs(agrees)
#define isUnstuck (isAgreed || !isQuiet)

/* Two that hear each other, and have nothing more to tell each other, follow two leaders. */
#define areRivals(one, another) \
  (isAlive(one) && isAlive(another) && stored[one].status == FINISHED \
    && stored[another].status == FINISHED && stored[one].term == stored[another].term \
    && stored[one].candidate != stored[another].candidate)
#define hearEachOther(one, another) \
  (!isCut(one, another) && !isHeldDead(one, another) && !isHeldDead(another, one))
#define haveToldEachOther(one, another) \
  (!isUnderWay(one, another) && !isUnderWay(another, one) \
    && ((hot[one] >> (another)) & 1) == 0 && ((hot[another] >> (one)) & 1) == 0)
#define pairIsAtOne(one, another) \
  !(areRivals(one, another) && hearEachOther(one, another) && haveToldEachOther(one, another))
#define pairHasOneLeader(one, another) \
  !(areRivals(one, another) && stored[one].candidate == one && stored[another].candidate == another)

#ifdef INSTANT
#define isAtOne allPairs(pairHasOneLeader)
#else
#define isAtOne allPairs(pairIsAtOne)
#endif

proctype Watch() {
  d_step { !isAtOne -> assert(false) }
}

/*
 * What must not be: that what goes wrong is over and noticed for ever, and yet what is wanted is
 * missing again and again. As a formula: <>[] isCalm && []<> !WANTED.
 */
#ifndef WANTED
#define WANTED isAgreed
#endif

never {
trouble:
  do
  :: true
  :: isCalm -> goto calm
  od;
calm:
  do
  :: isCalm && WANTED
  :: isCalm && !(WANTED) -> goto accept_missing
  od;
accept_missing:
  do
  :: isCalm -> goto calm
  od
}

init {
  byte one;
  byte another;
  atomic {
    for (one : 0 .. MEMBERS - 1) {
      former[one] = NOBODY;
#if SETTLED
      stood = EVERYBODY;
      stored[one].candidate = MEMBERS - 1;
      stored[one].status = FINISHED;
      for (another : 0 .. MEMBERS - 1) {
        appendVotes(stored[one].votes, voteOf(another))
      }
#endif
    }
    for (one : 0 .. MEMBERS - 1) {
      run Member(one);
      for (another : 0 .. MEMBERS - 1) {
        if
        :: one != another -> run Pair(one, another)
        :: else -> skip
        fi
      }
    }
    run Watch();
    one = 0;
    another = 0
  }
}
