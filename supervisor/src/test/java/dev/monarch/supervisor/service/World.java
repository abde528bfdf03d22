package dev.monarch.supervisor.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.census.ElectionState;
import dev.monarch.wire.ServiceGroup;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A shell of {@link ServiceMachine} without a world: its answers are said beforehand, and given at
 * once unless they are held back.
 *
 * <p>After every step it holds what must always be so: one process at most, one run of a hook at
 * most, {@code post-stop} only when the process is gone, no deadline in the past.
 */
final class World {
  static final ServiceGroup WEB = new ServiceGroup("web.default");
  static final long BEGIN = 1_000_000_000_000L;

  final List<String> lines = new ArrayList<>();
  final List<String> happened = new ArrayList<>();
  final List<ServiceOutput> outputs = new ArrayList<>();

  /** Answers that nobody has given yet; empty unless held back. */
  final List<ServiceInput> held = new ArrayList<>();

  boolean holdsAnswers;
  final Set<Hook> hooks = EnumSet.noneOf(Hook.class);
  final Set<Hook> hanging = EnumSet.noneOf(Hook.class);
  final Map<Hook, Deque<HookResult>> results = new EnumMap<>(Hook.class);
  Optional<String> cannotBePrepared = Optional.empty();
  Optional<String> cannotBeStarted = Optional.empty();
  List<BindJudgement> binds = List.of();
  ElectionState election = ElectionState.FINISHED;
  long suitability;
  boolean findsItsFilesAsTheyShallBe;
  boolean ignoresSignals;
  boolean childrenIgnoreSignals;

  /** The process and each hook leave somebody in the background, in another group. */
  boolean forksAway;

  Duration packageTimeout = Duration.ofSeconds(8);
  long now = BEGIN;

  private ServiceMachine machine;
  private final Map<Long, Hook> running = new HashMap<>();
  private Optional<Integer> process = Optional.empty();
  private Optional<Integer> group = Optional.empty();
  private boolean leftBehind;
  private boolean startPending;
  private int lastPid = 99;
  private Optional<EndCause> ended = Optional.empty();

  World(Hook... hooks) {
    this.hooks.addAll(Arrays.asList(hooks));
    this.hooks.add(Hook.RUN);
    this.machine = new ServiceMachine(settings(), new Random(1), now);
  }

  static ServiceSettings settings() {
    return settings(true, false, RestartSettings.usual());
  }

  static ServiceSettings settings(boolean strict, boolean leader, RestartSettings restart) {
    return new ServiceSettings(
        "acme/web",
        WEB,
        strict,
        leader,
        Duration.ofSeconds(30),
        Optional.empty(),
        restart,
        HookLimits.usual());
  }

  World with(ServiceSettings settings) {
    machine = new ServiceMachine(settings, new Random(1), now);
    return this;
  }

  World with(ServiceSettings settings, long seed) {
    machine = new ServiceMachine(settings, new Random(seed), now);
    return this;
  }

  World start() {
    return tell(new ServiceInput.Start());
  }

  World stop(StopCause cause) {
    return tell(new ServiceInput.Stop(cause, Optional.empty()));
  }

  World stop(StopCause cause, Duration timeout) {
    return tell(new ServiceInput.Stop(cause, Optional.of(timeout)));
  }

  World rendered(Hook... changed) {
    return tell(new ServiceInput.Rendered(status().attempt(), Set.of(changed), false, true));
  }

  World configured() {
    return tell(new ServiceInput.Rendered(status().attempt(), Set.of(), true, true));
  }

  World results(Hook hook, HookResult... inTurn) {
    results.put(hook, new ArrayDeque<>(List.of(inTurn)));
    return this;
  }

  World results(Hook hook, int... codes) {
    var inTurn = new ArrayDeque<HookResult>();
    Arrays.stream(codes).forEach(code -> inTurn.add(new HookResult.Exited(code)));
    results.put(hook, inTurn);
    return this;
  }

  /** The process ends by itself, and its children with it. */
  World exits(String how) {
    int pid = process.orElseThrow();
    process = Optional.empty();
    if (!childrenIgnoreSignals) {
      group = Optional.empty();
    }
    return tell(new ServiceInput.ProcessExited(pid, how));
  }

  /** The hook that hangs ends. */
  World ends(Hook hook, HookResult result) {
    long run =
        running.entrySet().stream()
            .filter(one -> one.getValue() == hook)
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();
    running.remove(run);
    return tell(new ServiceInput.HookEnded(run, result));
  }

  /** A former Supervisor left a process. */
  World finds() {
    int pid = ++lastPid;
    process = Optional.of(pid);
    group = process;
    return tell(new ServiceInput.ProcessFound(pid));
  }

  World tell(ServiceInput input) {
    handle(input);
    answerAll();
    return this;
  }

  /** Gives one of the answers held back. */
  void answer(int index) {
    handle(held.remove(index));
  }

  private void answerAll() {
    while (!holdsAnswers && !held.isEmpty()) {
      handle(held.removeFirst());
    }
  }

  /** Lets time pass, with every deadline in between. */
  World pass(Duration duration) {
    long until = now + duration.toNanos();
    while (machine.nextDeadlineNanos() <= until) {
      now = machine.nextDeadlineNanos();
      handle(new ServiceInput.TimePassed());
      answerAll();
    }
    now = until;
    return this;
  }

  ServiceStatus status() {
    return machine.status();
  }

  ServiceMachine machine() {
    return machine;
  }

  Optional<Integer> process() {
    return process;
  }

  Optional<EndCause> ended() {
    return ended;
  }

  boolean runs(Hook hook) {
    return running.containsValue(hook);
  }

  int count(String what) {
    return (int) happened.stream().filter(what::equals).count();
  }

  private void handle(ServiceInput input) {
    long attempt = machine.status().attempt();
    List<ServiceOutput> done = machine.handle(input, now);
    outputs.addAll(done);
    done.forEach(this::carryOut);
    assertThat(machine.status().attempt())
        .as("attempts are counted")
        .isBetween(attempt, attempt + 1);
    assertThat(machine.nextDeadlineNanos())
        .as("the next deadline after %s", input)
        .isGreaterThan(now);
    assertThat(ended.isEmpty() || done.isEmpty() || done.getLast() instanceof ServiceOutput.Ended)
        .as("nothing comes after the end")
        .isTrue();
  }

  private void carryOut(ServiceOutput output) {
    switch (output) {
      case ServiceOutput.Prepare(long attempt) -> {
        happened.add("prepare");
        assertThat(group)
            .as("a new round begins, or an adopted process lives")
            .satisfiesAnyOf(
                left -> assertThat(left).isEmpty(),
                left -> assertThat(status().process()).isPresent());
        assertThat(running).as("hooks while a round begins").isEmpty();
        assertNobodyIsLeftBehind("a new round begins");
        held.add(
            cannotBePrepared.isPresent()
                ? new ServiceInput.PreparationFailed(attempt, cannotBePrepared.get())
                : new ServiceInput.Prepared(attempt, facts()));
      }
      case ServiceOutput.CancelPreparation _ -> happened.add("cancel preparation");
      case ServiceOutput.JudgeBinds() -> held.add(new ServiceInput.BindsJudged(binds));
      case ServiceOutput.JudgeElection() -> held.add(judged());
      case ServiceOutput.Render(long attempt) -> {
        happened.add("render");
        held.add(
            findsItsFilesAsTheyShallBe
                ? new ServiceInput.Rendered(attempt, Set.of(), false, true)
                : new ServiceInput.Rendered(attempt, hooks, true, true));
      }
      case ServiceOutput.RunHook(long run, Hook hook, Duration limit) -> runHook(run, hook, limit);
      case ServiceOutput.CancelHook(long run) -> cancelHook(run);
      case ServiceOutput.StartProcess() -> startProcess();
      case ServiceOutput.Signal(int pid, String signal) -> {
        happened.add("signal " + signal);
        if (!ignoresSignals) {
          leaderEnds(pid, "signal: 15 (SIGTERM)");
        }
        if (!ignoresSignals && !childrenIgnoreSignals) {
          groupEnds(pid);
        } else if (group.isEmpty()) {
          groupEnds(pid);
        }
      }
      case ServiceOutput.Kill(int pid) -> {
        happened.add("kill");
        leaderEnds(pid, "signal: 9 (SIGKILL)");
        groupEnds(pid);
      }
      case ServiceOutput.EndLeftBehind(String signal) -> {
        if (leftBehind) {
          happened.add("signal " + signal + " to who was left behind");
        }
        leftBehind &= ignoresSignals;
        if (!leftBehind) {
          held.add(new ServiceInput.LeftBehindGone());
        }
      }
      case ServiceOutput.KillLeftBehind() -> {
        happened.add("kill who was left behind");
        if (leftBehind) {
          leftBehind = false;
          held.add(new ServiceInput.LeftBehindGone());
        }
      }
      case ServiceOutput.ProcessGone _ -> {
        happened.add("remove PID");
        assertThat(group).as("processes when the PID file is removed").isEmpty();
      }
      case ServiceOutput.Say(Line line) -> lines.add(line.toString());
      case ServiceOutput.Publish() -> {}
      case ServiceOutput.HealthChecked(ServiceHealth health, boolean _) ->
          happened.add("health " + health.text());
      case ServiceOutput.Suitable(long rated) -> suitability = rated;
      case ServiceOutput.Ended(EndCause cause) -> {
        assertNobodyIsLeftBehind("it ends");
        ended = Optional.of(cause);
      }
    }
  }

  ServiceInput.ElectionJudged judged() {
    return new ServiceInput.ElectionJudged(
        election, election == ElectionState.FINISHED ? Optional.of("m1") : Optional.empty());
  }

  private PackageFacts facts() {
    return new PackageFacts(
        "acme/web/1.0.0/20260101000000", "web", hooks, "QUIT", packageTimeout, "hab", "hab", false);
  }

  private void runHook(long run, Hook hook, Duration limit) {
    happened.add(hook.fileName());
    assertThat(running).as("hooks that run").doesNotContainValue(hook);
    assertThat(hooks).as("hooks the package has").contains(hook);
    assertThat(limit).isPositive();
    if (hook == Hook.POST_STOP) {
      assertThat(group).as("processes while post-stop begins").isEmpty();
      assertNobodyIsLeftBehind("post-stop begins");
    } else {
      leftBehind |= forksAway;
    }
    if (hook == Hook.INIT) {
      assertThat(group).as("processes while init begins").isEmpty();
    }
    running.put(run, hook);
    if (!hanging.contains(hook)) {
      HookResult next =
          Optional.ofNullable(results.getOrDefault(hook, new ArrayDeque<>()).poll())
              .orElse(new HookResult.Exited(0));
      held.add(new ServiceInput.HookEnded(run, next));
    }
    // The runner forgets a run when it tells its end.
    if (!holdsAnswers && !hanging.contains(hook)) {
      running.remove(run);
    }
  }

  /** For answers held back: the run is over in the world as soon as its end is told. */
  void forget(ServiceInput answer) {
    if (answer instanceof ServiceInput.HookEnded(long run, HookResult _)) {
      running.remove(run);
    }
    if (answer instanceof ServiceInput.ProcessStarted
        || answer instanceof ServiceInput.ProcessNotStarted) {
      startPending = false;
    }
  }

  private void cancelHook(long run) {
    if (running.containsKey(run)) {
      happened.add("cancel " + running.get(run).fileName());
      held.removeIf(
          answer -> answer instanceof ServiceInput.HookEnded(long id, HookResult _) && id == run);
      held.add(new ServiceInput.HookEnded(run, new HookResult.Cancelled()));
      if (!holdsAnswers) {
        running.remove(run);
      }
    }
  }

  private void startProcess() {
    assertThat(group).as("processes while one is started").isEmpty();
    assertThat(startPending).as("a process is being started already").isFalse();
    happened.add("run");
    leftBehind |= forksAway;
    if (cannotBeStarted.isPresent()) {
      held.add(new ServiceInput.ProcessNotStarted(cannotBeStarted.get()));
    } else {
      process = Optional.of(++lastPid);
      group = process;
      held.add(new ServiceInput.ProcessStarted(lastPid));
    }
    startPending = holdsAnswers;
  }

  private void assertNobodyIsLeftBehind(String when) {
    assertThat(leftBehind && status().process().isEmpty())
        .as("somebody was left behind while " + when)
        .isFalse();
  }

  private void leaderEnds(int pid, String how) {
    if (process.equals(Optional.of(pid))) {
      process = Optional.empty();
      held.add(new ServiceInput.ProcessExited(pid, how));
    }
  }

  private void groupEnds(int pid) {
    if (group.isEmpty() || group.get() == pid) {
      group = Optional.empty();
      held.add(new ServiceInput.GroupGone(pid));
    }
  }
}
