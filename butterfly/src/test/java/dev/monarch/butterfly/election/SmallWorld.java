package dev.monarch.butterfly.election;

import dev.monarch.wire.Health;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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
 *   a push arrives
 *   the fault happens: a member dies, or one is cut off and later joined again, or a push is lost
 *   a member notices that another one is dead, or is back
 *   nothing is under way any more, so that time passes, and what is pending is told again
 * </pre>
 *
 * <p>A state is good if nothing is under way and all that live follow one of them, in one term; or
 * if none is said to lead, where there is no quorum. From each state a good one must be reachable,
 * so that nothing gets stuck or turns in circles for good.
 */
final class SmallWorld {
  /** What goes wrong, once, at any moment. */
  enum Fault {
    NONE,
    DEATH,
    CUT,
    LOSS
  }

  /**
   * What was tried.
   *
   * @param states different ones
   * @param ends states in which nothing happens any more
   * @param rivals states in which two living members take themselves for leaders of one term
   * @param wrong the first bad end, or a state without a way to an end, and how it came about
   */
  record Findings(int states, int ends, int rivals, Optional<String> wrong) {}

  private static final String GROUP = "g.g";

  /** All there is. Arrays by member; they are copied, and never changed once the state is known. */
  private static final class State {
    final List<Optional<Election>> stored;
    final List<List<Election>> underWay;
    final BitSet hot;
    final BitSet heldDead;
    final BitSet dead;
    final BitSet stood;
    int cutOff = -1;
    boolean faultLeft;

    State(int members, boolean faultLeft) {
      stored = new ArrayList<>(Collections.nCopies(members, Optional.empty()));
      underWay = new ArrayList<>(Collections.nCopies(members * members, List.of()));
      hot = new BitSet();
      heldDead = new BitSet();
      dead = new BitSet();
      stood = new BitSet();
      this.faultLeft = faultLeft;
    }

    State(State other) {
      stored = new ArrayList<>(other.stored);
      underWay = new ArrayList<>(other.underWay);
      hot = (BitSet) other.hot.clone();
      heldDead = (BitSet) other.heldDead.clone();
      dead = (BitSet) other.dead.clone();
      stood = (BitSet) other.stood.clone();
      cutOff = other.cutOff;
      faultLeft = other.faultLeft;
    }

    @Override
    public boolean equals(Object object) {
      return object instanceof State other
          && stored.equals(other.stored)
          && underWay.equals(other.underWay)
          && hot.equals(other.hot)
          && heldDead.equals(other.heldDead)
          && dead.equals(other.dead)
          && stood.equals(other.stood)
          && cutOff == other.cutOff
          && faultLeft == other.faultLeft;
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(
          new Object[] {
            stored, underWay, hot, heldDead, dead, stood, cutOff, faultLeft,
          });
    }
  }

  private final int members;
  private final ElectionSettings settings;
  private final Fault fault;
  private final int statesMax;
  private final List<String> ids;
  private final List<ElectionRules> rules;
  private final Map<State, Integer> known = new HashMap<>();
  private final List<State> states = new ArrayList<>();
  private final List<Integer> foundFrom = new ArrayList<>();
  private final List<List<Integer>> comesFrom = new ArrayList<>();

  /**
   * @param statesMax more are not tried; then the findings say so
   */
  SmallWorld(int members, ElectionSettings settings, Fault fault, int statesMax) {
    this.members = members;
    this.settings = settings;
    this.fault = fault;
    this.statesMax = statesMax;
    this.ids = IntStream.range(0, members).mapToObj(n -> "" + (char) ('a' + n)).toList();
    this.rules =
        ids.stream().map(id -> new ElectionRules(ElectionKind.LEADER, settings, id)).toList();
  }

  /** Tries everything that follows when no service has started yet. */
  Findings exploreBirth() {
    return explore(new State(members, fault != Fault.NONE));
  }

  /** Tries everything that follows when all have elected the greatest one and it is quiet. */
  Findings exploreLife() {
    State settled = new State(members, fault != Fault.NONE);
    Election elected =
        new Election(ids.getLast(), GROUP, 0, 0, ElectionStatus.FINISHED, List.copyOf(ids));
    settled.stood.set(0, members);
    settled.stored.replaceAll(_ -> Optional.of(elected));
    return explore(settled);
  }

  private Findings explore(State first) {
    Deque<Integer> open = new ArrayDeque<>();
    find(first, -1, open);
    List<Integer> ends = new ArrayList<>();
    int rivals = 0;
    while (!open.isEmpty()) {
      if (states.size() > statesMax) {
        return new Findings(states.size(), ends.size(), rivals, Optional.of("too many states"));
      }
      int number = open.remove();
      State state = states.get(number);
      rivals += hasRivals(state) ? 1 : 0;
      boolean[] moved = {false};
      steps(
          state,
          next -> {
            moved[0] |= !next.equals(state);
            find(next, number, open);
          });
      if (isQuiet(state) && isGood(state)) {
        ends.add(number);
      } else if (!moved[0]) {
        return new Findings(states.size(), ends.size(), rivals, Optional.of(story(number)));
      }
    }
    return new Findings(states.size(), ends.size(), rivals, withoutEnd(ends).map(this::story));
  }

  private void find(State state, int from, Deque<Integer> open) {
    Integer number = known.get(state);
    if (number == null) {
      number = states.size();
      known.put(state, number);
      states.add(state);
      foundFrom.add(from);
      comesFrom.add(new ArrayList<>());
      open.add(number);
    }
    if (from >= 0) {
      comesFrom.get(number).add(from);
    }
  }

  /** A state from which no end can be reached. */
  private Optional<Integer> withoutEnd(List<Integer> ends) {
    BitSet reaches = new BitSet();
    Deque<Integer> open = new ArrayDeque<>(ends);
    while (!open.isEmpty()) {
      int number = open.remove();
      if (!reaches.get(number)) {
        reaches.set(number);
        open.addAll(comesFrom.get(number));
      }
    }
    int without = reaches.nextClearBit(0);
    return without < states.size() ? Optional.of(without) : Optional.empty();
  }

  // ---- steps ----

  private void steps(State state, Consumer<State> next) {
    boolean quiet = true;
    for (int one = 0; one < members; one++) {
      if (!state.dead.get(one) && !state.stood.get(one)) {
        next.accept(stand(state, one));
        quiet = false;
      }
      for (int other = 0; other < members; other++) {
        if (!state.underWay.get(place(one, other)).isEmpty() && !isCut(state, one, other)) {
          next.accept(arrive(state, one, other));
          quiet = false;
          if (state.faultLeft && fault == Fault.LOSS) {
            next.accept(lose(state, one, other));
          }
        }
        if (one != other && !state.dead.get(one)) {
          boolean away = state.dead.get(other) || isCut(state, one, other);
          if (away != state.heldDead.get(place(one, other))) {
            next.accept(notice(state, one, other, away));
            quiet = false;
          }
        }
      }
      if (state.faultLeft && fault == Fault.DEATH) {
        next.accept(die(state, one));
      }
      if (state.faultLeft && fault == Fault.CUT) {
        next.accept(cut(state, one));
      }
    }
    if (state.cutOff >= 0) {
      State mended = new State(state);
      mended.cutOff = -1;
      next.accept(mended);
      quiet = false;
    }
    for (int one = 0; quiet && one < members; one++) {
      timePasses(state, one).ifPresent(next);
    }
  }

  private State stand(State state, int member) {
    State next = new State(state);
    next.stood.set(member);
    Election own =
        rules.get(member).stand(state.stored.get(member), GROUP, 0, 0, population(next, member));
    store(next, member, own);
    return next;
  }

  private State arrive(State state, int from, int to) {
    State next = new State(state);
    List<Election> told = next.underWay.set(place(from, to), List.of());
    if (state.dead.get(to)) {
      return next;
    }
    for (Election record : told) {
      rules
          .get(to)
          .hear(next.stored.get(to), record, population(next, to), 0)
          .ifPresent(decided -> store(next, to, decided));
    }
    push(next, from, to);
    return next;
  }

  private State lose(State state, int from, int to) {
    State next = new State(state);
    next.faultLeft = false;
    next.underWay.set(place(from, to), List.of());
    return next;
  }

  private State die(State state, int member) {
    State next = new State(state);
    next.faultLeft = false;
    next.dead.set(member);
    next.stored.set(member, Optional.empty());
    for (int other = 0; other < members; other++) {
      next.hot.clear(place(member, other));
      next.heldDead.clear(place(member, other));
    }
    return next;
  }

  private State cut(State state, int member) {
    State next = new State(state);
    next.faultLeft = false;
    next.cutOff = member;
    return next;
  }

  private State notice(State state, int by, int about, boolean away) {
    State next = new State(state);
    next.heldDead.set(place(by, about), away);
    if (!away) {
      next.hot.set(place(by, about));
    }
    check(next, by);
    push(next, by, about);
    return next;
  }

  /** A retell interval after all is quiet. */
  private Optional<State> timePasses(State state, int member) {
    Optional<Election> stored = state.stored.get(member);
    if (state.dead.get(member)
        || settings.retellInterval().isZero()
        || stored.filter(known -> known.status() != ElectionStatus.FINISHED).isEmpty()) {
      return Optional.empty();
    }
    State next = new State(state);
    Election known = stored.get();
    Optional<Election> finished = rules.get(member).finished(known, population(next, member));
    store(next, member, finished.orElse(known));
    return Optional.of(next);
  }

  // ---- what a member does ----

  private void store(State state, int member, Election decided) {
    state.stored.set(member, Optional.of(decided));
    check(state, member);
    for (int other = 0; other < members; other++) {
      if (other != member) {
        state.hot.set(place(member, other));
        push(state, member, other);
      }
    }
  }

  private void check(State state, int member) {
    Population population = population(state, member);
    Optional<Election> stored = state.stored.get(member);
    while (stored.isPresent()) {
      Election known = stored.get();
      stored =
          switch (rules.get(member).concern(known, population)) {
            case NONE -> Optional.empty();
            case QUORUM_LOST, GONE, STRANGER ->
                Optional.of(rules.get(member).restart(known, population, 0));
            case OUTDATED -> Optional.of(rules.get(member).corrected(known, population));
          };
      stored.ifPresent(decided -> state.stored.set(member, Optional.of(decided)));
      if (stored.isPresent()) {
        for (int other = 0; other < members; other++) {
          if (other != member) {
            state.hot.set(place(member, other));
            push(state, member, other);
          }
        }
      }
    }
  }

  private void push(State state, int from, int to) {
    int place = place(from, to);
    Optional<Election> stored = state.stored.get(from);
    if (state.hot.get(place)
        && stored.isPresent()
        && state.underWay.get(place).isEmpty()
        && !state.heldDead.get(place)
        && !state.dead.get(from)) {
      state.hot.clear(place);
      state.underWay.set(place, List.of(stored.get()));
    }
  }

  private Population population(State state, int member) {
    return new Population(
        ids,
        id -> {
          int other = ids.indexOf(id);
          return Optional.of(
              state.heldDead.get(place(member, other)) ? Health.CONFIRMED : Health.ALIVE);
        });
  }

  private int place(int from, int to) {
    return from * members + to;
  }

  private static boolean isCut(State state, int one, int other) {
    return state.cutOff >= 0 && (one == state.cutOff) != (other == state.cutOff);
  }

  // ---- judging ----

  private static boolean hasRivals(State state) {
    List<Election> leaders = new ArrayList<>();
    for (int member = 0; member < state.stored.size(); member++) {
      String id = "" + (char) ('a' + member);
      state
          .stored
          .get(member)
          .filter(known -> known.status() == ElectionStatus.FINISHED)
          .filter(known -> known.candidate().equals(id))
          .ifPresent(leaders::add);
    }
    return leaders.stream().map(Election::term).distinct().count() < leaders.size();
  }

  private boolean isGood(State state) {
    List<Election> living =
        IntStream.range(0, members)
            .filter(member -> !state.dead.get(member))
            .mapToObj(member -> state.stored.get(member).orElseThrow())
            .toList();
    Set<String> leaders = living.stream().map(Election::candidate).collect(Collectors.toSet());
    boolean finished = living.stream().allMatch(known -> known.status() == ElectionStatus.FINISHED);
    boolean quorum = living.size() > members / 2;
    boolean alive = leaders.size() == 1 && !state.dead.get(ids.indexOf(leaders.iterator().next()));
    boolean oneTerm = living.stream().map(Election::term).distinct().count() == 1;
    return quorum ? finished && alive && oneTerm : !finished;
  }

  /** Nothing is under way, and everybody has noticed everything. */
  private boolean isQuiet(State state) {
    for (int one = 0; one < members; one++) {
      for (int other = 0; other < members; other++) {
        boolean away = state.dead.get(other) || isCut(state, one, other);
        boolean told = state.underWay.get(place(one, other)).isEmpty();
        boolean noticed =
            one == other || state.dead.get(one) || away == state.heldDead.get(place(one, other));
        if (!told || !noticed) {
          return false;
        }
      }
      if (!state.dead.get(one) && !state.stood.get(one)) {
        return false;
      }
    }
    return state.cutOff < 0;
  }

  private String story(int number) {
    StringBuilder text = new StringBuilder();
    for (int at = number; at >= 0; at = foundFrom.get(at)) {
      text.insert(0, "\n" + describe(states.get(at)));
    }
    return text.toString();
  }

  private String describe(State state) {
    StringBuilder text = new StringBuilder();
    for (int member = 0; member < members; member++) {
      text.append(ids.get(member)).append(state.dead.get(member) ? " dead " : " ");
      text.append(state.stored.get(member).map(SmallWorld::describe).orElse("-")).append(" | ");
    }
    for (int from = 0; from < members; from++) {
      for (int to = 0; to < members; to++) {
        List<Election> told = state.underWay.get(place(from, to));
        if (!told.isEmpty()) {
          text.append(ids.get(from)).append(">").append(ids.get(to)).append(" ");
          text.append(describe(told.getFirst())).append("; ");
        }
      }
    }
    return text.append("held dead ")
        .append(state.heldDead)
        .append(" cut ")
        .append(state.cutOff)
        .toString();
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
