package dev.monarch.butterfly.election;

import dev.monarch.wire.Health;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A group so small that everything that can happen to it is tried.
 *
 * <p>The members decide by the production {@link ElectionRules}; what is between them is reduced to
 * what matters for an election. A member tells its record to each other one by pushes, of which at
 * most one is under way to one member, and the next one says what is stored when it begins, as
 * {@link dev.monarch.butterfly.rumor.Pusher} does. A state is what all have stored, what is under
 * way, and who holds whom dead; a step is one of these, in any order:
 *
 * <pre>
 *   a member's service starts, and it stands
 *   an operator lets a member restart the election
 *   a push arrives
 *   the fault happens: a member dies, or one is cut off and later joined again, or a push is lost
 *   a push across the cut fails, and is tried again
 *   a member notices that another one is dead, or is back
 *   nothing is under way any more, so that time passes, and what is pending is told again
 * </pre>
 *
 * <p>A state is good if nothing is under way and all that live follow one of them, in one term; or
 * if none is said to lead, where there is no quorum. From each state a good one must be reachable,
 * so that nothing gets stuck or turns in circles for good.
 *
 * <p>What makes fewer states of the same world: the order of votes is left out, as none of our
 * rules looks at it; what is told to the dead is not kept, as it does nothing; equal ids do not
 * exist, so that there is no symmetry to use. And one assumption: while a member holds a living one
 * dead it restarts over it as often as it hears of it, and terms have no end; so once a term has
 * reached {@link #TERM_OF_NOTICE}, who is wrong about another notices before anything else happens.
 *
 * <p>Worlds too large for all orders are searched with a number of <em>deviations</em>: by default
 * the members and their pushes take turns, a deviation is that another one comes before its turn,
 * and all runs are tried with at most so many of them. The fault comes at any moment all the same,
 * and costs nothing.
 */
final class SmallWorld {
  /** What goes wrong, once, at any moment. */
  enum Fault {
    NONE,
    DEATH,
    CUT,
    LOSS
  }

  /** All orders. */
  static final int ALL = -1;

  private static final int TERM_OF_NOTICE = 2;

  /**
   * What was tried.
   *
   * @param states different ones
   * @param depth steps to the one that is farthest from the beginning
   * @param ends states in which nothing happens any more
   * @param rivals states in which two living members take themselves for leaders of one term
   * @param exhausted false if there are more states than were to be tried
   * @param collisionOdds how likely it is that a state was taken for another one
   * @param wrong the first bad end, or a state without a way to an end, and how it came about
   */
  record Findings(
      int states,
      int depth,
      int ends,
      long rivals,
      boolean exhausted,
      double collisionOdds,
      Optional<String> wrong) {}

  /** Who takes what step to the next state. */
  private interface Step {
    /**
     * @param turn whose turn it was; negative for what has no turn
     */
    void to(int[] next, int turn);
  }

  private static final String GROUP = "g.g";
  private static final int NOBODY = 0;

  private final int members;
  private final ElectionSettings settings;
  private final Fault fault;
  private final int deviations;
  private final int statesMax;
  private final List<String> ids;
  private final List<ElectionRules> rules;
  private final List<Population> populations;

  // Records have numbers from 1, so that a state is an array of numbers.
  private final List<Election> records = new ArrayList<>();
  private final Map<Election, Integer> recordNumbers = new HashMap<>();
  private final Map<Long, Integer> answers = new HashMap<>();
  private final Map<Long, Integer> checks = new HashMap<>();

  // The cells of a state: what each has stored, what is under way from each to each, and bits.
  private final int underWay;
  private final int hot;
  private final int heldDead;
  private final int dead;
  private final int stood;
  private final int cutOff;
  private final int faultsLeft;
  private final int restartsLeft;
  private final int deviationsLeft;
  private final int turn;
  private final int cells;

  private final StateGraph graph = new StateGraph();
  private final Deque<int[]> open = new ArrayDeque<>();

  /**
   * @param deviations how many, or {@link #ALL} orders
   * @param statesMax more are not tried
   */
  SmallWorld(int members, ElectionSettings settings, Fault fault, int deviations, int statesMax) {
    this.members = members;
    this.settings = settings;
    this.fault = fault;
    this.deviations = deviations;
    this.statesMax = statesMax;
    this.ids = IntStream.range(0, members).mapToObj(n -> "" + (char) ('a' + n)).toList();
    this.rules =
        ids.stream().map(id -> new ElectionRules(ElectionKind.LEADER, settings, id)).toList();
    this.populations = IntStream.range(0, 1 << members).mapToObj(this::population).toList();
    this.underWay = members;
    this.hot = underWay + members * members;
    this.heldDead = hot + 1;
    this.dead = hot + 2;
    this.stood = hot + 3;
    this.cutOff = hot + 4;
    this.faultsLeft = hot + 5;
    this.restartsLeft = hot + 6;
    this.deviationsLeft = hot + 7;
    this.turn = hot + 8;
    this.cells = hot + 9;
  }

  /** The group in the eyes of one who holds some of it dead. */
  private Population population(int deadOnes) {
    return new Population(
        ids,
        id ->
            Optional.of((deadOnes & 1 << ids.indexOf(id)) != 0 ? Health.CONFIRMED : Health.ALIVE));
  }

  /** Tries everything that follows when no service has started yet. */
  Findings exploreBirth() {
    return explore(unborn());
  }

  /** Tries everything that follows when all have elected the greatest one and it is quiet. */
  Findings exploreLife() {
    return explore(settled());
  }

  /** As {@link #exploreLife}, and an operator lets one of them restart the election (9.9). */
  Findings exploreRestart() {
    int[] settled = settled();
    settled[restartsLeft]++;
    return explore(settled);
  }

  private int[] settled() {
    int[] settled = unborn();
    settled[stood] = (1 << members) - 1;
    int elected =
        number(new Election(ids.getLast(), GROUP, 0, 0, ElectionStatus.FINISHED, List.copyOf(ids)));
    for (int member = 0; member < members; member++) {
      settled[member] = elected;
    }
    return settled;
  }

  private int[] unborn() {
    int[] state = new int[cells];
    state[cutOff] = NOBODY;
    state[faultsLeft] = fault == Fault.NONE ? 0 : 1;
    state[deviationsLeft] = deviations;
    return state;
  }

  // ---- the search ----

  private Findings explore(int[] first) {
    graph.find(StateGraph.fingerprint(first), -1);
    open.add(first);
    BitSet ends = new BitSet();
    long rivals = 0;
    int depth = 0;
    int levelEnd = 1;
    for (int number = 0; !open.isEmpty(); number++) {
      if (graph.size() > statesMax) {
        return findings(first, ends, rivals, depth, false, graph.withoutWayTo(ends));
      }
      if (number == levelEnd) {
        depth++;
        levelEnd = graph.size();
      }
      int[] state = open.remove();
      int from = number;
      rivals += hasRivals(state) ? 1 : 0;
      long own = StateGraph.fingerprint(state);
      boolean[] moved = {false};
      steps(
          state,
          next -> {
            long fingerprint = StateGraph.fingerprint(next);
            moved[0] |= fingerprint != own;
            int found = graph.find(fingerprint, from);
            if (found < 0) {
              open.add(next);
            }
            graph.addStep(found < 0 ? ~found : found);
          });
      graph.next();
      if (isQuiet(state) && isGood(state)) {
        ends.set(number);
      } else if (!moved[0]) {
        return findings(first, ends, rivals, depth, false, Optional.of(number));
      }
    }
    return findings(first, ends, rivals, depth, true, graph.withoutWayTo(ends));
  }

  private Findings findings(
      int[] first,
      BitSet ends,
      long rivals,
      int depth,
      boolean exhausted,
      Optional<Integer> wrong) {
    return new Findings(
        graph.size(),
        depth,
        ends.cardinality(),
        rivals,
        exhausted,
        graph.collisionOdds(),
        wrong.map(number -> story(first, number)));
  }

  /** How a state came about: its way is gone again. */
  private String story(int[] first, int number) {
    Deque<Integer> way = new ArrayDeque<>();
    for (int at = number; at > 0; at = graph.foundFrom(at)) {
      way.push(at);
    }
    StringBuilder text = new StringBuilder(describe(first));
    int[][] state = {first};
    for (int wanted : way) {
      int[] before = state[0];
      steps(
          before,
          next -> {
            if (graph.find(StateGraph.fingerprint(next), -1) == wanted) {
              state[0] = next;
            }
          });
      text.append('\n').append(describe(state[0]));
    }
    return text.toString();
  }

  // ---- steps ----

  /** All that can come next, with the deviations that are left. */
  private void steps(int[] state, java.util.function.Consumer<int[]> next) {
    if (deviations == ALL) {
      allSteps(state, (to, whose) -> next.accept(to));
      return;
    }
    List<int[]> ordered = new ArrayList<>();
    int[] first = {Integer.MAX_VALUE, -1};
    List<Integer> turns = new ArrayList<>();
    int turnsInAll = turns();
    allSteps(
        state,
        (to, whose) -> {
          int distance = whose < 0 ? -1 : Math.floorMod(whose - state[turn], turnsInAll);
          if (whose >= 0) {
            to[turn] = (whose + 1) % turnsInAll;
            if (distance < first[0]) {
              first[0] = distance;
              first[1] = ordered.size();
            }
          }
          ordered.add(to);
          turns.add(distance);
        });
    for (int i = 0; i < ordered.size(); i++) {
      boolean inTurn = turns.get(i) < 0 || i == first[1];
      if (inTurn) {
        next.accept(ordered.get(i));
      } else if (state[deviationsLeft] > 0) {
        ordered.get(i)[deviationsLeft]--;
        next.accept(ordered.get(i));
      }
    }
  }

  /** Each member has its start, a push to each and a notice of each. */
  private int turns() {
    return members * (2 * members + 1);
  }

  private void allSteps(int[] state, Step step) {
    boolean wrong = notices(state, step);
    if (wrong && greatestTerm(state) >= TERM_OF_NOTICE) {
      return;
    }
    boolean quiet = !wrong;
    for (int one = 0; one < members; one++) {
      if (!has(state, dead, one) && !has(state, stood, one)) {
        step.to(stand(state, one), one * (2 * members + 1));
        quiet = false;
      }
      for (int other = 0; other < members; other++) {
        quiet &= state[place(one, other)] == 0;
        pushes(state, one, other, step);
      }
      if (state[restartsLeft] > 0 && !has(state, dead, one)) {
        step.to(restart(state, one), -1);
      }
      if (state[faultsLeft] > 0 && fault == Fault.DEATH) {
        step.to(die(state, one), -1);
      }
      if (state[faultsLeft] > 0 && fault == Fault.CUT) {
        int[] next = state.clone();
        next[faultsLeft]--;
        next[cutOff] = one + 1;
        step.to(next, -1);
      }
    }
    if (state[cutOff] != NOBODY) {
      int[] mended = state.clone();
      mended[cutOff] = NOBODY;
      step.to(mended, -1);
      quiet = false;
    }
    for (int one = 0; quiet && one < members; one++) {
      timePasses(state, one, step);
    }
  }

  /** True if somebody is wrong about another. */
  private boolean notices(int[] state, Step step) {
    boolean any = false;
    for (int one = 0; one < members; one++) {
      for (int other = 0; other < members; other++) {
        if (one != other && !has(state, dead, one) && isWrong(state, one, other)) {
          step.to(notice(state, one, other), one * (2 * members + 1) + 1 + members + other);
          any = true;
        }
      }
    }
    return any;
  }

  private boolean isWrong(int[] state, int one, int other) {
    boolean away = has(state, dead, other) || isCut(state, one, other);
    return away != has(state, heldDead, bit(one, other));
  }

  private int[] stand(int[] state, int member) {
    int[] next = state.clone();
    next[stood] |= 1 << member;
    Election own =
        rules
            .get(member)
            .stand(record(state[member]), GROUP, 0, 0, populations.get(deadTo(state, member)));
    store(next, member, number(own));
    return next;
  }

  private int[] restart(int[] state, int member) {
    int[] next = state.clone();
    next[restartsLeft]--;
    Election known = records.get(state[member] - 1);
    Election own = rules.get(member).restart(known, populations.get(deadTo(state, member)), 0);
    store(next, member, number(own));
    return next;
  }

  private void pushes(int[] state, int from, int to, Step step) {
    int told = state[place(from, to)];
    if (told == 0) {
      return;
    }
    if (isCut(state, from, to)) {
      int[] next = state.clone();
      next[place(from, to)] = 0;
      next[hot] |= 1 << bit(from, to);
      push(next, from, to);
      step.to(next, from * (2 * members + 1) + 1 + to);
      return;
    }
    int[] next = state.clone();
    next[place(from, to)] = 0;
    int decided = heard(state, to, told);
    if (decided != 0) {
      store(next, to, decided);
    }
    push(next, from, to);
    step.to(next, from * (2 * members + 1) + 1 + to);
    if (state[faultsLeft] > 0 && fault == Fault.LOSS) {
      int[] lost = state.clone();
      lost[faultsLeft]--;
      lost[place(from, to)] = 0;
      step.to(lost, -1);
    }
  }

  private int[] die(int[] state, int member) {
    int[] next = state.clone();
    next[faultsLeft]--;
    next[dead] |= 1 << member;
    next[member] = 0;
    for (int other = 0; other < members; other++) {
      next[place(other, member)] = 0;
      next[hot] &= ~(1 << bit(member, other) | 1 << bit(other, member));
      next[heldDead] &= ~(1 << bit(member, other));
    }
    return next;
  }

  private int[] notice(int[] state, int by, int about) {
    int[] next = state.clone();
    next[heldDead] ^= 1 << bit(by, about);
    if (!has(next, heldDead, bit(by, about))) {
      next[hot] |= 1 << bit(by, about);
    }
    check(next, by);
    push(next, by, about);
    return next;
  }

  /** A retell interval after all is quiet. */
  private void timePasses(int[] state, int member, Step step) {
    Optional<Election> stored = record(state[member]);
    if (has(state, dead, member)
        || settings.retellInterval().isZero()
        || stored.filter(known -> known.status() != ElectionStatus.FINISHED).isEmpty()) {
      return;
    }
    int[] next = state.clone();
    Election known = stored.get();
    Optional<Election> finished =
        rules.get(member).finished(known, populations.get(deadTo(state, member)));
    store(next, member, number(finished.orElse(known)));
    step.to(next, -1);
  }

  // ---- what a member does ----

  /** What a member stores when it hears a record; 0 if nothing changes. */
  private int heard(int[] state, int member, int told) {
    long question =
        (((long) state[member] << 24 | told) << 8 | deadTo(state, member)) << 3 | member;
    return answers.computeIfAbsent(
        question,
        _ ->
            rules
                .get(member)
                .hear(
                    record(state[member]),
                    records.get(told - 1),
                    populations.get(deadTo(state, member)),
                    0)
                .map(this::number)
                .orElse(0));
  }

  private void store(int[] state, int member, int decided) {
    state[member] = decided;
    if (!check(state, member)) {
      tell(state, member);
    }
  }

  private void tell(int[] state, int member) {
    for (int other = 0; other < members; other++) {
      if (other != member && !has(state, dead, other)) {
        state[hot] |= 1 << bit(member, other);
        push(state, member, other);
      }
    }
  }

  /** True if what is stored was of concern, and is another record now. */
  private boolean check(int[] state, int member) {
    if (state[member] == 0) {
      return false;
    }
    long question = ((long) state[member] << 8 | deadTo(state, member)) << 3 | member;
    int decided = checks.computeIfAbsent(question, _ -> checked(state, member));
    if (decided == state[member]) {
      return false;
    }
    state[member] = decided;
    tell(state, member);
    return true;
  }

  private int checked(int[] state, int member) {
    Population population = populations.get(deadTo(state, member));
    ElectionRules own = rules.get(member);
    Election known = records.get(state[member] - 1);
    Election decided =
        switch (own.concern(known, population)) {
          case NONE -> known;
          case QUORUM_LOST, GONE, STRANGER -> own.restart(known, population, 0);
          case OUTDATED -> own.corrected(known, population);
        };
    if (own.concern(decided, population) != Concern.NONE) {
      throw new IllegalStateException(decided + " is of concern right after " + known);
    }
    return number(decided);
  }

  private void push(int[] state, int from, int to) {
    if (has(state, hot, bit(from, to))
        && state[from] != 0
        && state[place(from, to)] == 0
        && !has(state, heldDead, bit(from, to))
        && !has(state, dead, from)
        && !has(state, dead, to)) {
      state[hot] &= ~(1 << bit(from, to));
      state[place(from, to)] = state[from];
    }
  }

  // ---- cells ----

  private int number(Election record) {
    Election sorted =
        new Election(
            record.candidate(),
            record.group(),
            record.term(),
            record.suitability(),
            record.status(),
            record.votes().stream().sorted().toList());
    return recordNumbers.computeIfAbsent(
        sorted,
        added -> {
          records.add(added);
          return records.size();
        });
  }

  private Optional<Election> record(int number) {
    return number == 0 ? Optional.empty() : Optional.of(records.get(number - 1));
  }

  private long greatestTerm(int[] state) {
    long greatest = 0;
    for (int cell = 0; cell < hot; cell++) {
      greatest = Math.max(greatest, state[cell] == 0 ? 0 : records.get(state[cell] - 1).term());
    }
    return greatest;
  }

  private int place(int from, int to) {
    return underWay + bit(from, to);
  }

  private int bit(int from, int to) {
    return from * members + to;
  }

  private static boolean has(int[] state, int cell, int bit) {
    return (state[cell] & 1 << bit) != 0;
  }

  private int deadTo(int[] state, int member) {
    return state[heldDead] >>> (member * members) & ((1 << members) - 1);
  }

  private boolean isCut(int[] state, int one, int other) {
    int away = state[cutOff];
    return away != NOBODY && (one + 1 == away) != (other + 1 == away);
  }

  // ---- judging ----

  private boolean hasRivals(int[] state) {
    for (int one = 0; one < members; one++) {
      for (int other = 0; leads(state, one) && other < one; other++) {
        if (leads(state, other)
            && records.get(state[one] - 1).term() == records.get(state[other] - 1).term()) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean leads(int[] state, int member) {
    if (state[member] == 0) {
      return false;
    }
    Election known = records.get(state[member] - 1);
    return known.status() == ElectionStatus.FINISHED && known.candidate().equals(ids.get(member));
  }

  private boolean isGood(int[] state) {
    List<Election> living =
        IntStream.range(0, members)
            .filter(member -> !has(state, dead, member))
            .mapToObj(member -> records.get(state[member] - 1))
            .toList();
    List<String> leaders = living.stream().map(Election::candidate).distinct().toList();
    boolean finished = living.stream().allMatch(known -> known.status() == ElectionStatus.FINISHED);
    boolean quorum = living.size() > members / 2;
    boolean alive = leaders.size() == 1 && !has(state, dead, ids.indexOf(leaders.getFirst()));
    boolean oneTerm = living.stream().map(Election::term).distinct().count() == 1;
    return quorum ? finished && alive && oneTerm : !finished;
  }

  /** Nothing is under way, and everybody has noticed everything. */
  private boolean isQuiet(int[] state) {
    for (int one = 0; one < members; one++) {
      boolean lives = !has(state, dead, one);
      if (lives && !has(state, stood, one)) {
        return false;
      }
      for (int other = 0; other < members; other++) {
        boolean wrong = one != other && lives && isWrong(state, one, other);
        if (wrong || state[place(one, other)] != 0) {
          return false;
        }
      }
    }
    return state[cutOff] == NOBODY;
  }

  // ---- telling ----

  private String describe(int[] state) {
    StringBuilder text = new StringBuilder();
    for (int member = 0; member < members; member++) {
      text.append(ids.get(member)).append(has(state, dead, member) ? " dead " : " ");
      text.append(record(state[member]).map(SmallWorld::describe).orElse("-")).append(" | ");
    }
    for (int from = 0; from < members; from++) {
      for (int to = 0; to < members; to++) {
        if (state[place(from, to)] != 0) {
          text.append(ids.get(from)).append(">").append(ids.get(to)).append(" ");
          text.append(describe(records.get(state[place(from, to)] - 1))).append("; ");
        }
        if (has(state, heldDead, bit(from, to))) {
          text.append(ids.get(from)).append(" holds ").append(ids.get(to)).append(" dead; ");
        }
      }
    }
    return state[cutOff] == NOBODY
        ? text.toString()
        : text.append(ids.get(state[cutOff] - 1)).append(" is cut off").toString();
  }

  private static String describe(Election record) {
    return "%s@%d %s %s%s"
        .formatted(
            record.candidate(),
            record.term(),
            record.suitability() == 0 ? "" : Long.toUnsignedString(record.suitability()),
            record.status(),
            record.votes());
  }
}
