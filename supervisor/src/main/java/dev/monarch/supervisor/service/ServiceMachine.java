package dev.monarch.supervisor.service;

import static dev.monarch.supervisor.service.ServiceState.BACKING_OFF;
import static dev.monarch.supervisor.service.ServiceState.DETACHING;
import static dev.monarch.supervisor.service.ServiceState.DOWN;
import static dev.monarch.supervisor.service.ServiceState.ENDED;
import static dev.monarch.supervisor.service.ServiceState.INITIALIZING;
import static dev.monarch.supervisor.service.ServiceState.POST_STOP;
import static dev.monarch.supervisor.service.ServiceState.PREPARING;
import static dev.monarch.supervisor.service.ServiceState.RENDERING;
import static dev.monarch.supervisor.service.ServiceState.STARTING;
import static dev.monarch.supervisor.service.ServiceState.STOPPING;
import static dev.monarch.supervisor.service.ServiceState.UP;
import static dev.monarch.supervisor.service.ServiceState.WAITING_FOR_BINDS;
import static dev.monarch.supervisor.service.ServiceState.WAITING_FOR_ELECTION;

import dev.monarch.butterfly.census.ElectionState;
import dev.monarch.supervisor.service.ServiceStatus.LastProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * One service, from the moment its spec is read until it is unloaded, through all its restarts
 * (supervisor.md 4).
 *
 * <p>The idea: a service goes round in a circle of states, and whatever ends a round ends it by the
 * same way. On that way nothing overtakes: the process group is signalled, killed if it does not
 * end, the PID file removed, all hooks have ended, whoever forked away from any of them is ended as
 * well, {@code post-stop} runs, and only then the next round may begin. So there are never two
 * processes of a service, and never two runs of the same hook.
 *
 * <pre>
 *   state                 leaves when                               to
 *   DOWN                  Start                                     PREPARING
 *   PREPARING             Prepared, binds are strict                WAITING_FOR_BINDS
 *                         Prepared, binds are relaxed               RENDERING
 *                         PreparationFailed                         BACKING_OFF
 *   WAITING_FOR_BINDS     BindsJudged, all satisfied                RENDERING
 *   RENDERING             Rendered, a leader is missing             WAITING_FOR_ELECTION
 *                         Rendered otherwise                        (begin)
 *   WAITING_FOR_ELECTION  ElectionJudged, finished                  RENDERING, of who leads
 *   (begin)               a process was found                       UP, "Reattaching to"
 *                         there is an init hook                     INITIALIZING
 *                         there is none                             STARTING
 *   INITIALIZING          init exited with 0                        STARTING
 *                         init ended otherwise                      STOPPING, init_hook_failed
 *   STARTING              ProcessStarted                            UP
 *                         ProcessNotStarted                         STOPPING, run_hook_failed
 *   UP                    ProcessExited                             STOPPING, run_hook_failed
 *                         a change that needs a restart             STOPPING, its reason
 *   STOPPING              nothing is left of process, hooks and     POST_STOP or (end of round)
 *                         what they left in the background
 *   POST_STOP             post-stop ended                           (end of round)
 *   (end of round)        it was let go, unloaded or shut down      ENDED
 *                         it shall be down                          DOWN
 *                         it failed                                 BACKING_OFF
 *                         it was restarted otherwise                PREPARING
 *   BACKING_OFF           the time has come                         PREPARING
 *   DETACHING             nothing is left of hooks, nor without a   ENDED
 *                         process of what they left behind
 * </pre>
 *
 * <p>In every state but ENDED: Stop leads to STOPPING, and to the end of the round at once where
 * there is nothing to stop; Detach leads to DETACHING, but a stop that has begun is carried to its
 * end first. The next Supervisor knows what is in the background by the process alone, so nothing
 * may be there without one. Start while stopping means: start afterwards. A process found is taken
 * as the service's own: it is supervised from that moment, though hooks wait until the round has
 * come to (begin); if the service shall be down, it is stopped.
 *
 * <p>While UP, what was rendered is answered by the first row that fits (supervisor.md 4.4): {@code
 * init}, {@code run} or {@code post-run} changed: restart; configuration changed and there is no
 * {@code reconfigure}: restart; configuration or {@code reconfigure} changed: run {@code
 * reconfigure}. What changes while the service initialises, while a hook of these runs, or while
 * its group has no leader is kept and answered as soon as possible.
 *
 * <p>An election knows what its candidates are worth: {@code suitability} runs once the service is
 * up, after each {@code reconfigure}, and when the leader is in doubt, and what it printed last
 * counts until it says something else or the round ends (4.5). The original asks in the moment of
 * the election and lets the whole Supervisor wait for the answer.
 *
 * <p>Where this departs from the original on purpose: stopping is strict (14.1, row 1); a failed
 * preparation is tried again (row 3); {@code post-run} waits between its attempts and gives up (row
 * 5); hooks have time limits (row 6); a failed service waits for a second even if its back-off
 * period is zero, which the original's loop did by its slowness; and what is left of the process's
 * group, or left the group, is ended too. What {@code post-stop} leaves behind is left alone.
 *
 * <p>Answers that come too late are left alone. Time is nanoseconds of any clock that does not go
 * back; randomness spreads health checks and restarts.
 */
public final class ServiceMachine {
  /** The original repeats "Waiting for service binds..." in each pass of its loop. */
  static final Duration BIND_REMINDER = Duration.ofSeconds(1);

  /** The original's loop starts a crashing service once in a second if its back-off is zero. */
  static final Duration RESTART_PAUSE_MIN = Duration.ofSeconds(1);

  /** A missing package or a mistyped file is looked at again after this time, then twice of it. */
  static final Duration PREPARE_PAUSE_FIRST = Duration.ofSeconds(1);

  /** An operator who mended a file does not wait longer than this. */
  static final Duration PREPARE_PAUSE_MAX = Duration.ofMinutes(1);

  /** The original runs a failed {@code post-run} again at once and for ever (14.1, row 5). */
  static final Duration POST_RUN_PAUSE_FIRST = Duration.ofSeconds(1);

  static final Duration POST_RUN_PAUSE_MAX = Duration.ofMinutes(1);

  /** With the pauses above these take a quarter of an hour. */
  static final int POST_RUN_ATTEMPTS_MAX = 20;

  /** A health check that was not OK is repeated after this time at most (4.8). */
  static final Duration HEALTH_CHECK_PAUSE_MAX = Duration.ofSeconds(30);

  /** A process may be out of reach of KILL for a while, in a disk's sleep for example. */
  static final Duration KILL_AGAIN = Duration.ofSeconds(5);

  /** How a process is stopped whose package nobody could read yet: the original's defaults. */
  private static final String STOP_SIGNAL_USUAL = "TERM";

  private static final Duration STOP_TIMEOUT_USUAL = Duration.ofSeconds(8);

  private static final long NEVER = Long.MAX_VALUE;

  private final RandomGenerator random;
  private final Backoff backoff;
  private final List<ServiceOutput> outputs = new ArrayList<>();

  private ServiceSettings settings;
  private Optional<ServiceSettings> nextSettings = Optional.empty();
  private ServiceState state = DOWN;

  // What is wanted.
  private boolean desiredUp;
  private Optional<StopCause> stopCause = Optional.empty();
  private Optional<Duration> stopTimeout = Optional.empty();
  private boolean detaching;

  // The round.
  private long attempt;
  private long attemptBegan;
  private boolean preparing;
  private Optional<PackageFacts> facts = Optional.empty();
  private Optional<String> failure = Optional.empty();
  private int failuresToPrepare;
  private boolean hooksBegan;
  private boolean initialized;
  private long upSince;
  private final Set<Hook> changedHooks = EnumSet.noneOf(Hook.class);
  private boolean configChanged;
  private boolean filesChanged;
  private Optional<TerminationReason> wishedRestart = Optional.empty();

  // Gates.
  private final Map<String, BindJudgement> binds = new HashMap<>();
  private boolean bindsSatisfied;
  private long bindReminder = NEVER;
  private ElectionState election = ElectionState.NONE;

  // The process.
  private Optional<Integer> pid = Optional.empty();
  private boolean startRequested;
  private boolean exited;
  private Optional<String> exit = Optional.empty();
  private long processSince;
  private final Map<Integer, String> exitsBeforeStart = new HashMap<>();

  // Stopping.
  private boolean signalled;
  private boolean exitedBeforeSignal;
  private boolean killed;
  private boolean mayHaveLeftBehind;
  private boolean endingLeftBehind;
  private long stopBegan;
  private long killAt = NEVER;

  // Restarting.
  private boolean restarting;
  private long restartCount;
  private long restartAt = NEVER;
  private Optional<LastProcess> lastProcess = Optional.empty();

  // Hooks.
  private final Map<Hook, Long> runs = new EnumMap<>(Hook.class);
  private long lastRun;
  private int postRunAttempts;
  private long postRunAt = NEVER;

  // Elections.
  private long suitability;
  private boolean rateAgain;

  // Health.
  private ServiceHealth health = ServiceHealth.UNKNOWN;
  private boolean checksHealth;
  private boolean wasOk;
  private boolean checkAgain;
  private long healthCheckAt = NEVER;

  public ServiceMachine(ServiceSettings settings, RandomGenerator random, long nowNanos) {
    this.settings = settings;
    this.random = random;
    this.backoff = new Backoff(random);
    this.processSince = nowNanos;
  }

  /**
   * What is to be done because of what happened.
   *
   * @param nowNanos not before the one of any call before
   */
  public List<ServiceOutput> handle(ServiceInput input, long nowNanos) {
    if (state != ENDED) {
      take(input, nowNanos);
      expire(nowNanos);
    }
    List<ServiceOutput> done = List.copyOf(outputs);
    outputs.clear();
    return done;
  }

  /** When {@link ServiceInput.TimePassed} is to be told; {@link Long#MAX_VALUE}: never. */
  public long nextDeadlineNanos() {
    long next = Math.min(bindReminder, killAt);
    next = Math.min(next, state == BACKING_OFF ? restartAt : NEVER);
    return Math.min(next, Math.min(postRunAt, healthCheckAt));
  }

  public ServiceSettings settings() {
    return settings;
  }

  /** What the package of this round says; empty before it is prepared. */
  public Optional<PackageFacts> facts() {
    return facts;
  }

  public ServiceStatus status() {
    return new ServiceStatus(
        state,
        attempt,
        desiredUp,
        initialized,
        exited ? Optional.empty() : pid,
        processSince,
        health,
        restartCount,
        state == BACKING_OFF ? OptionalLong.of(restartAt) : OptionalLong.empty(),
        lastProcess,
        election,
        failure);
  }

  private void take(ServiceInput input, long now) {
    switch (input) {
      case ServiceInput.Start() -> start(now);
      case ServiceInput.Stop(StopCause cause, Optional<Duration> timeout) ->
          stop(cause, timeout, now);
      case ServiceInput.Restart(TerminationReason reason) -> restartWished(reason, now);
      case ServiceInput.Detach() -> detach(now);
      case ServiceInput.SettingsChanged(ServiceSettings changed, boolean restart) ->
          settingsChanged(changed, restart, now);
      case ServiceInput.Prepared(long answered, PackageFacts found) ->
          prepared(answered, found, now);
      case ServiceInput.PreparationFailed(long answered, String message) ->
          preparationFailed(answered, message, now);
      case ServiceInput.BindsJudged(List<BindJudgement> judgements) -> bindsJudged(judgements, now);
      case ServiceInput.ElectionJudged(ElectionState judged, Optional<String> leader) ->
          electionJudged(judged, leader, now);
      case ServiceInput.LeaderInDoubt() -> rateSuitability();
      case ServiceInput.Rendered(long answered, Set<Hook> hooks, boolean config, boolean newest) ->
          rendered(answered, hooks, config, newest, now);
      case ServiceInput.FilesUpdated() -> filesUpdated(now);
      case ServiceInput.HookEnded(long runId, HookResult result) -> hookEnded(runId, result, now);
      case ServiceInput.ProcessFound(int found) -> processFound(found, now);
      case ServiceInput.ProcessStarted(int started) -> processStarted(started, now);
      case ServiceInput.ProcessNotStarted(String reason) -> processNotStarted(reason, now);
      case ServiceInput.ProcessExited(int ended, String how) -> processExited(ended, how, now);
      case ServiceInput.GroupGone(int gone) -> groupGone(gone, now);
      case ServiceInput.LeftBehindGone() -> leftBehindGone(now);
      case ServiceInput.TimePassed() -> {}
    }
  }

  private void expire(long now) {
    if (bindReminder <= now) {
      bindReminder = after(now, BIND_REMINDER);
      say("SR", "Waiting for service binds...");
    }
    if (killAt <= now) {
      kill(now);
    }
    if (state == BACKING_OFF && restartAt <= now) {
      prepare(now);
    }
    if (postRunAt <= now) {
      postRunAt = NEVER;
      run(Hook.POST_RUN);
    }
    if (healthCheckAt <= now) {
      healthCheckAt = NEVER;
      run(Hook.HEALTH_CHECK);
    }
  }

  // What is wanted.

  private void start(long now) {
    if (stopCause.equals(Optional.of(StopCause.SHUTDOWN)) || detaching) {
      return;
    }
    desiredUp = true;
    switch (state) {
      case DOWN -> prepare(now);
      case BACKING_OFF -> {
        if (failure.isPresent()) {
          prepare(now);
        }
      }
      case STOPPING, POST_STOP -> {
        if (stopCause.isPresent()) {
          stopCause = Optional.empty();
          clearFailures();
          lastProcess = Optional.empty();
        }
      }
      case PREPARING,
          WAITING_FOR_BINDS,
          RENDERING,
          WAITING_FOR_ELECTION,
          INITIALIZING,
          STARTING,
          UP,
          DETACHING,
          ENDED -> {}
    }
  }

  private void stop(StopCause cause, Optional<Duration> timeout, long now) {
    desiredUp = false;
    if (stopCause.isEmpty() || cause.compareTo(stopCause.get()) > 0) {
      stopCause = Optional.of(cause);
    }
    if (timeout.isPresent()) {
      stopTimeout = timeout;
    }
    restarting = false;
    detaching = false;
    switch (state) {
      case STOPPING -> {
        if ((signalled || endingLeftBehind) && !killed && timeout.isPresent()) {
          killAt = after(stopBegan, timeout.get());
        }
      }
      case POST_STOP, ENDED -> {}
      case DOWN,
          PREPARING,
          WAITING_FOR_BINDS,
          RENDERING,
          WAITING_FOR_ELECTION,
          INITIALIZING,
          STARTING,
          UP,
          BACKING_OFF,
          DETACHING ->
          beginStop(now);
    }
  }

  private void restartWished(TerminationReason reason, long now) {
    switch (state) {
      case UP -> {
        wishedRestart = Optional.of(reason);
        react(now);
      }
      case PREPARING, WAITING_FOR_BINDS, RENDERING, WAITING_FOR_ELECTION, INITIALIZING, STARTING ->
          restart(reason, now);
      case BACKING_OFF -> {
        clearFailures();
        prepare(now);
      }
      case STOPPING, POST_STOP -> clearFailures();
      case DOWN, DETACHING, ENDED -> {}
    }
  }

  private void detach(long now) {
    detaching = true;
    switch (state) {
      case STOPPING, POST_STOP, DETACHING, ENDED -> {}
      case DOWN,
          PREPARING,
          WAITING_FOR_BINDS,
          RENDERING,
          WAITING_FOR_ELECTION,
          INITIALIZING,
          STARTING,
          UP,
          BACKING_OFF -> {
        state = DETACHING;
        endHooks();
        advance(now);
      }
    }
  }

  private void settingsChanged(ServiceSettings changed, boolean restart, long now) {
    if (!restart && nextSettings.isEmpty()) {
      settings = changed;
      return;
    }
    switch (state) {
      case DOWN -> settings = changed;
      case STOPPING, POST_STOP, DETACHING -> {
        nextSettings = Optional.of(changed);
        clearFailures();
      }
      case PREPARING,
          WAITING_FOR_BINDS,
          RENDERING,
          WAITING_FOR_ELECTION,
          INITIALIZING,
          STARTING,
          UP,
          BACKING_OFF -> {
        nextSettings = Optional.of(changed);
        clearFailures();
        beginStop(now);
      }
      case ENDED -> {}
    }
  }

  // From the start of a round to its process.

  private void prepare(long now) {
    state = PREPARING;
    attempt++;
    attemptBegan = now;
    restartAt = NEVER;
    preparing = true;
    facts = Optional.empty();
    binds.clear();
    bindsSatisfied = false;
    outputs.add(new ServiceOutput.Prepare(attempt));
  }

  private void prepared(long answered, PackageFacts found, long now) {
    if (!preparing || answered != attempt) {
      return;
    }
    preparing = false;
    facts = Optional.of(found);
    failure = Optional.empty();
    failuresToPrepare = 0;
    if (state != PREPARING) {
      advance(now);
      return;
    }
    if (restarting) {
      restarting = false;
      say("SR", "Restarted");
    }
    outputs.add(new ServiceOutput.Publish());
    outputs.add(new ServiceOutput.JudgeBinds());
    if (settings.strictBinds()) {
      state = WAITING_FOR_BINDS;
    } else {
      render();
    }
  }

  private void preparationFailed(long answered, String message, long now) {
    if (!preparing || answered != attempt) {
      return;
    }
    preparing = false;
    if (state != PREPARING) {
      advance(now);
      return;
    }
    say(Line.SUPERVISOR, "MR", message);
    failure = Optional.of(message);
    state = BACKING_OFF;
    restartAt = after(now, growing(PREPARE_PAUSE_FIRST, PREPARE_PAUSE_MAX, failuresToPrepare));
    failuresToPrepare++;
  }

  private void bindsJudged(List<BindJudgement> judgements, long now) {
    switch (state) {
      case WAITING_FOR_BINDS, RENDERING, WAITING_FOR_ELECTION, INITIALIZING, STARTING, UP -> {
        judgements.forEach(this::tellTransition);
        bindsSatisfied = judgements.stream().allMatch(BindJudgement::satisfied);
      }
      case DOWN, PREPARING, STOPPING, POST_STOP, BACKING_OFF, DETACHING, ENDED -> {}
    }
    if (state != WAITING_FOR_BINDS) {
      return;
    }
    if (bindsSatisfied) {
      bindReminder = NEVER;
      render();
    } else if (bindReminder == NEVER) {
      bindReminder = now;
    }
  }

  /** What was satisfied from the start is not worth a line. */
  private void tellTransition(BindJudgement judgement) {
    BindJudgement before = binds.put(judgement.bind(), judgement);
    boolean isNews =
        before == null ? !judgement.satisfied() : !before.text().equals(judgement.text());
    if (isNews) {
      say("SR", judgement.text());
    }
  }

  /** What starts reads who leads: it is judged first, and what was rendered without is not run. */
  private void render() {
    state = RENDERING;
    if (settings.leaderTopology()) {
      outputs.add(new ServiceOutput.JudgeElection());
    }
    outputs.add(new ServiceOutput.Render(attempt));
  }

  private void rendered(long answered, Set<Hook> hooks, boolean config, boolean newest, long now) {
    if (answered != attempt) {
      return;
    }
    switch (state) {
      case RENDERING -> {
        note(hooks, config);
        if (newest) {
          passElection(now);
        }
      }
      case WAITING_FOR_ELECTION, INITIALIZING, STARTING -> note(hooks, config);
      case UP -> {
        note(hooks, config);
        react(now);
      }
      case DOWN,
          PREPARING,
          WAITING_FOR_BINDS,
          STOPPING,
          POST_STOP,
          BACKING_OFF,
          DETACHING,
          ENDED -> {}
    }
  }

  private void passElection(long now) {
    if (mayExecute()) {
      begin(now);
    } else {
      state = WAITING_FOR_ELECTION;
    }
  }

  private void note(Set<Hook> hooks, boolean config) {
    changedHooks.addAll(hooks);
    configChanged |= config;
  }

  private void electionJudged(ElectionState judged, Optional<String> leader, long now) {
    switch (state) {
      case RENDERING, WAITING_FOR_ELECTION, INITIALIZING, STARTING, UP ->
          tellElection(judged, leader);
      case DOWN,
          PREPARING,
          WAITING_FOR_BINDS,
          STOPPING,
          POST_STOP,
          BACKING_OFF,
          DETACHING,
          ENDED -> {}
    }
    if (state == WAITING_FOR_ELECTION && mayExecute()) {
      render();
    } else {
      react(now);
    }
  }

  private void tellElection(ElectionState judged, Optional<String> leader) {
    if (!settings.leaderTopology() || judged == election) {
      return;
    }
    election = judged;
    say(
        "SR",
        switch (judged) {
          case NONE -> "Waiting to execute hooks; election hasn't started";
          case IN_PROGRESS -> "Waiting to execute hooks; election in progress.";
          case NO_QUORUM ->
              "Waiting to execute hooks; election in progress, and we have no quorum.";
          case FINISHED -> "Executing hooks; " + leader.orElseThrow() + " is the leader";
        });
  }

  private boolean mayExecute() {
    return !settings.leaderTopology() || election == ElectionState.FINISHED;
  }

  private void begin(long now) {
    hooksBegan = true;
    mayHaveLeftBehind = true;
    if (pid.isPresent()) {
      say(Line.SUPERVISOR, "SR", "Reattaching to " + settings.group().text());
      up(now);
      return;
    }
    // Nothing has read the old texts yet.
    forgetChanges();
    say("SR", "Initializing");
    if (has(Hook.INIT)) {
      state = INITIALIZING;
      run(Hook.INIT);
    } else {
      startProcess(now);
    }
  }

  private void startProcess(long now) {
    if (pid.isPresent()) {
      begin(now);
      return;
    }
    changedHooks.remove(Hook.RUN);
    changedHooks.remove(Hook.POST_RUN);
    state = STARTING;
    PackageFacts known = facts.orElseThrow();
    if (known.lacksCapabilities()) {
      say(
          "SV",
          "Current user ("
              + known.user()
              + ") lacks sufficient capabilites to run services as a different user;"
              + " running as self!");
    }
    say("SV", "Starting service as user=" + known.user() + ", group=" + known.group());
    startRequested = true;
    outputs.add(new ServiceOutput.StartProcess());
  }

  private void up(long now) {
    state = UP;
    initialized = true;
    upSince = now;
    outputs.add(new ServiceOutput.Publish());
    checkHealth();
    rateSuitability();
    react(now);
  }

  // The process.

  private void processFound(int found, long now) {
    if (pid.isPresent()) {
      if (pid.get() != found) {
        say("SV", "Killing a second process of this service (PID: " + found + ")");
        outputs.add(new ServiceOutput.Signal(found, "KILL"));
      }
      return;
    }
    if (startRequested) {
      return;
    }
    adopt(found, now);
    switch (state) {
      case DOWN -> beginStop(now);
      case BACKING_OFF -> prepare(now);
      case STOPPING -> signal(now);
      case POST_STOP -> {
        state = STOPPING;
        hooksBegan = false;
        signal(now);
      }
      case PREPARING,
          WAITING_FOR_BINDS,
          RENDERING,
          WAITING_FOR_ELECTION,
          INITIALIZING,
          STARTING,
          UP,
          DETACHING,
          ENDED ->
          hooksBegan = true;
    }
  }

  private void adopt(int found, long now) {
    pid = Optional.of(found);
    mayHaveLeftBehind = true;
    processSince = now;
    exited = false;
    exit = Optional.empty();
  }

  private void processStarted(int started, long now) {
    if (!startRequested) {
      processFound(started, now);
      return;
    }
    startRequested = false;
    adopt(started, now);
    Optional<String> alreadyEnded = Optional.ofNullable(exitsBeforeStart.get(started));
    exitsBeforeStart.clear();
    switch (state) {
      case STARTING -> {
        up(now);
        if (state == UP && has(Hook.POST_RUN)) {
          postRunAttempts = 0;
          run(Hook.POST_RUN);
        }
      }
      case STOPPING -> signal(now);
      case DETACHING -> advance(now);
      case DOWN,
          PREPARING,
          WAITING_FOR_BINDS,
          RENDERING,
          WAITING_FOR_ELECTION,
          INITIALIZING,
          UP,
          POST_STOP,
          BACKING_OFF,
          ENDED ->
          throw new IllegalStateException("a process was started while the service is " + state);
    }
    if (state != ENDED) {
      alreadyEnded.ifPresent(how -> processExited(started, how, now));
    }
  }

  private void processNotStarted(String reason, long now) {
    if (!startRequested) {
      return;
    }
    startRequested = false;
    exitsBeforeStart.clear();
    say("SR", "Service start failed: " + reason);
    if (state == STARTING) {
      restart(TerminationReason.RUN_HOOK_FAILED, now);
    } else {
      advance(now);
    }
  }

  private void processExited(int ended, String how, long now) {
    if (startRequested) {
      exitsBeforeStart.put(ended, how);
      return;
    }
    if (!pid.equals(Optional.of(ended)) || exited) {
      return;
    }
    exited = true;
    exit = Optional.of(how);
    processSince = now;
    switch (state) {
      case STOPPING -> {}
      case DETACHING -> advance(now);
      case PREPARING,
          WAITING_FOR_BINDS,
          RENDERING,
          WAITING_FOR_ELECTION,
          INITIALIZING,
          STARTING,
          UP,
          BACKING_OFF -> {
        if (initialized && !has(Hook.HEALTH_CHECK)) {
          healthIs(ServiceHealth.CRITICAL);
        }
        restart(TerminationReason.RUN_HOOK_FAILED, now);
      }
      case DOWN, POST_STOP, ENDED ->
          throw new IllegalStateException("a process ended while the service is " + state);
    }
  }

  // What happens to a service that is up.

  private void filesUpdated(long now) {
    switch (state) {
      case INITIALIZING, STARTING -> filesChanged = true;
      case UP -> {
        filesChanged = true;
        react(now);
      }
      case DOWN,
          PREPARING,
          WAITING_FOR_BINDS,
          RENDERING,
          WAITING_FOR_ELECTION,
          STOPPING,
          POST_STOP,
          BACKING_OFF,
          DETACHING,
          ENDED -> {}
    }
  }

  /** Answers the first of what is waiting for an answer. */
  private void react(long now) {
    if (state != UP || !mayExecute()) {
      return;
    }
    Optional<TerminationReason> reason = reasonToRestart();
    if (reason.isPresent()) {
      restart(reason.get(), now);
      return;
    }
    if (runs.containsKey(Hook.RECONFIGURE) || runs.containsKey(Hook.FILE_UPDATED)) {
      return;
    }
    if (filesChanged && has(Hook.FILE_UPDATED)) {
      filesChanged = false;
      run(Hook.FILE_UPDATED);
      return;
    }
    boolean reconfigure = configChanged || changedHooks.contains(Hook.RECONFIGURE);
    forgetChanges();
    if (reconfigure && has(Hook.RECONFIGURE)) {
      run(Hook.RECONFIGURE);
    }
  }

  private Optional<TerminationReason> reasonToRestart() {
    if (wishedRestart.isPresent()) {
      return wishedRestart;
    }
    if (changedHooks.contains(Hook.INIT)) {
      return Optional.of(TerminationReason.INIT_HOOK_UPDATED);
    }
    if (changedHooks.contains(Hook.RUN)) {
      return Optional.of(TerminationReason.RUN_HOOK_UPDATED);
    }
    if (changedHooks.contains(Hook.POST_RUN)) {
      return Optional.of(TerminationReason.POST_RUN_HOOK_UPDATED);
    }
    return configChanged && !has(Hook.RECONFIGURE)
        ? Optional.of(TerminationReason.APP_CONFIG_UPDATED)
        : Optional.empty();
  }

  private void forgetChanges() {
    changedHooks.clear();
    configChanged = false;
    filesChanged = false;
    wishedRestart = Optional.empty();
  }

  // Restarting and stopping.

  private void restart(TerminationReason reason, long now) {
    lastProcess = Optional.of(new LastProcess(pid, reason, exit, now));
    long delay = 0;
    if (reason.isFailure()) {
      if (initialized && now >= after(upSince, settings.restart().cooldown())) {
        backoff.clear();
      }
      restartCount++;
      delay = backoff.next(settings.restart());
      restartAt = Math.max(now + delay, after(attemptBegan, RESTART_PAUSE_MIN));
    } else {
      clearFailures();
    }
    say(
        "SR",
        delay == 0
            ? "Stopping service, will restart immediately"
            : "Stopping service, will restart after " + seconds(delay) + " secs");
    restarting = true;
    beginStop(now);
  }

  private void clearFailures() {
    backoff.clear();
    restartCount = 0;
    restartAt = NEVER;
    failure = Optional.empty();
    failuresToPrepare = 0;
  }

  /** With two digits, rounded; without a locale's opinion. */
  private static String seconds(long nanos) {
    long hundredths = Math.round(nanos / 1e7);
    String digits = Long.toString(hundredths % 100);
    return hundredths / 100 + "." + (digits.length() == 1 ? "0" + digits : digits);
  }

  private void beginStop(long now) {
    state = STOPPING;
    bindReminder = NEVER;
    forgetChanges();
    endHooks();
    if (pid.isPresent()) {
      signal(now);
    } else {
      advance(now);
    }
  }

  private void endHooks() {
    bindReminder = NEVER;
    postRunAt = NEVER;
    healthCheckAt = NEVER;
    checkAgain = false;
    rateAgain = false;
    if (preparing) {
      outputs.add(new ServiceOutput.CancelPreparation(attempt));
    }
    runs.values().forEach(run -> outputs.add(new ServiceOutput.CancelHook(run)));
  }

  private void signal(long now) {
    int target = pid.orElseThrow();
    signalled = true;
    exitedBeforeSignal = exited;
    stopBegan = now;
    say("ST", "Terminating service (PID: " + target + ")");
    outputs.add(new ServiceOutput.Signal(target, signalToStop()));
    killAt = after(now, timeToStop());
  }

  private String signalToStop() {
    return facts.map(PackageFacts::shutdownSignal).orElse(STOP_SIGNAL_USUAL);
  }

  private Duration timeToStop() {
    return stopTimeout
        .or(settings::shutdownTimeout)
        .or(() -> facts.map(PackageFacts::shutdownTimeout))
        .orElse(STOP_TIMEOUT_USUAL);
  }

  private void kill(long now) {
    killed = true;
    killAt = after(now, KILL_AGAIN);
    pid.ifPresent(target -> outputs.add(new ServiceOutput.Kill(target)));
    if (endingLeftBehind) {
      outputs.add(new ServiceOutput.KillLeftBehind());
    }
  }

  private void groupGone(int gone, long now) {
    if (state != STOPPING || !signalled || !pid.equals(Optional.of(gone))) {
      return;
    }
    String how =
        exitedBeforeSignal
            ? "Service already exited"
            : killed ? "Service killed" : "Service gracefully terminated";
    say("ST", how + " (PID: " + gone + ")");
    processLeft(now);
    outputs.add(new ServiceOutput.ProcessGone(gone));
    if (checksHealth) {
      checksHealth = false;
      say("HK", "Health checking has been stopped");
    }
    advance(now);
  }

  private void processLeft(long now) {
    if (!exited) {
      processSince = now;
    }
    pid = Optional.empty();
    exited = false;
    exit = Optional.empty();
    signalled = false;
    killed = false;
    killAt = endingLeftBehind ? after(now, timeToStop()) : NEVER;
  }

  /** Goes on once nothing is left that has to end first. */
  private void advance(long now) {
    if (preparing || startRequested || endingLeftBehind || !runs.isEmpty()) {
      return;
    }
    if (state == DETACHING) {
      if (mayHaveLeftBehind && (pid.isEmpty() || exited)) {
        endLeftBehind(now);
      } else {
        end(EndCause.DETACHED);
      }
    } else if (state == STOPPING && pid.isEmpty()) {
      if (mayHaveLeftBehind) {
        endLeftBehind(now);
      } else if (hooksBegan && has(Hook.POST_STOP)) {
        hooksBegan = false;
        state = POST_STOP;
        run(Hook.POST_STOP);
      } else {
        endRound(now);
      }
    }
  }

  private void endLeftBehind(long now) {
    mayHaveLeftBehind = false;
    endingLeftBehind = true;
    killed = false;
    stopBegan = now;
    killAt = after(now, timeToStop());
    outputs.add(new ServiceOutput.EndLeftBehind(signalToStop()));
  }

  private void leftBehindGone(long now) {
    if (!endingLeftBehind) {
      return;
    }
    endingLeftBehind = false;
    if (!signalled) {
      killed = false;
      killAt = NEVER;
    }
    advance(now);
  }

  private void endRound(long now) {
    hooksBegan = false;
    initialized = false;
    health = ServiceHealth.UNKNOWN;
    election = ElectionState.NONE;
    suitabilityIs(0);
    nextSettings.ifPresent(
        changed -> {
          settings = changed;
          lastProcess = Optional.empty();
          restarting = false;
        });
    nextSettings = Optional.empty();
    if (detaching) {
      end(EndCause.DETACHED);
    } else if (stopCause.isPresent()) {
      endFor(stopCause.get());
    } else if (!desiredUp) {
      endFor(StopCause.DESIRED_DOWN);
    } else if (restartAt != NEVER && restartAt > now) {
      state = BACKING_OFF;
    } else {
      prepare(now);
    }
    stopTimeout = Optional.empty();
  }

  private void endFor(StopCause cause) {
    clearFailures();
    lastProcess = Optional.empty();
    stopCause = Optional.empty();
    switch (cause) {
      case DESIRED_DOWN -> {
        state = DOWN;
        outputs.add(new ServiceOutput.Publish());
      }
      case UNLOADED -> end(EndCause.UNLOADED);
      case SHUTDOWN -> end(EndCause.SHUTDOWN);
    }
  }

  private void end(EndCause cause) {
    state = ENDED;
    restartAt = NEVER;
    outputs.add(new ServiceOutput.Ended(cause));
  }

  // Hooks.

  private String packageName() {
    return facts.map(PackageFacts::name).orElse(settings.ident());
  }

  private boolean has(Hook hook) {
    return facts.filter(known -> known.hooks().contains(hook)).isPresent();
  }

  private void run(Hook hook) {
    lastRun++;
    if (runs.putIfAbsent(hook, lastRun) != null) {
      throw new IllegalStateException(
          "hook " + hook.fileName() + " runs already while the service is " + state);
    }
    outputs.add(new ServiceOutput.RunHook(lastRun, hook, settings.hookLimits().limit(hook)));
  }

  private void hookEnded(long runId, HookResult result, long now) {
    Optional<Hook> ended =
        runs.entrySet().stream()
            .filter(run -> run.getValue() == runId)
            .map(Map.Entry::getKey)
            .findFirst();
    if (ended.isEmpty()) {
      return;
    }
    Hook hook = ended.get();
    runs.remove(hook);
    HookReport.of(
            hook, result, settings.hookLimits().limit(hook), packageName(), settings.group().text())
        .ifPresent(line -> outputs.add(new ServiceOutput.Say(line)));
    switch (state) {
      case INITIALIZING -> {
        if (result.isSuccess()) {
          startProcess(now);
        } else {
          restart(TerminationReason.INIT_HOOK_FAILED, now);
        }
      }
      case UP -> hookEndedWhileUp(hook, result, now);
      case POST_STOP -> endRound(now);
      case STOPPING, DETACHING -> advance(now);
      case DOWN,
          PREPARING,
          WAITING_FOR_BINDS,
          RENDERING,
          WAITING_FOR_ELECTION,
          STARTING,
          BACKING_OFF,
          ENDED ->
          throw new IllegalStateException(
              "hook " + hook.fileName() + " ended while the service is " + state);
    }
  }

  private void hookEndedWhileUp(Hook hook, HookResult result, long now) {
    switch (hook) {
      case HEALTH_CHECK -> healthChecked(result, now);
      case POST_RUN -> postRunEnded(result, now);
      case RECONFIGURE -> {
        checkHealth();
        rateSuitability();
        react(now);
      }
      case FILE_UPDATED -> react(now);
      case SUITABILITY -> suitabilityRated(result);
      case INSTALL, UNINSTALL, INIT, RUN, POST_STOP ->
          throw new IllegalStateException("nobody asked for hook " + hook.fileName());
    }
  }

  private void postRunEnded(HookResult result, long now) {
    if (result.isSuccess()) {
      return;
    }
    postRunAttempts++;
    if (postRunAttempts < POST_RUN_ATTEMPTS_MAX) {
      postRunAt =
          after(now, growing(POST_RUN_PAUSE_FIRST, POST_RUN_PAUSE_MAX, postRunAttempts - 1));
    } else {
      say("HK", "Hook given up, post-run, it failed " + postRunAttempts + " times");
    }
  }

  // Elections.

  private void rateSuitability() {
    if (state != UP || !settings.leaderTopology() || !has(Hook.SUITABILITY)) {
      return;
    }
    if (runs.containsKey(Hook.SUITABILITY)) {
      rateAgain = true;
    } else {
      run(Hook.SUITABILITY);
    }
  }

  private void suitabilityRated(HookResult result) {
    suitabilityIs(
        result instanceof HookResult.Exited(int code, String lastLine) && code == 0
            ? suitability(lastLine.strip())
            : 0);
    if (rateAgain) {
      rateAgain = false;
      run(Hook.SUITABILITY);
    }
  }

  /** The number a hook printed last, unsigned; 0 if it printed something else. */
  private long suitability(String printed) {
    String name = packageName();
    if (printed.isEmpty()) {
      say(name, "HK", "suitability did not print anything to stdout");
      return 0;
    }
    try {
      long rated = Long.parseUnsignedLong(printed);
      say(name, "HK", "Reporting suitability of: " + printed);
      return rated;
    } catch (NumberFormatException notANumber) {
      say(
          name,
          "HK",
          "Parsing suitability failed: expected a whole number up to 18446744073709551615 in the"
              + " last line of stdout, found: "
              + printed);
      return 0;
    }
  }

  private void suitabilityIs(long rated) {
    if (suitability != rated) {
      suitability = rated;
      outputs.add(new ServiceOutput.Suitable(rated));
    }
  }

  // Health.

  /** Checks now, whatever was planned: after a start, a reattachment, a reconfiguration. */
  private void checkHealth() {
    checksHealth = true;
    wasOk = false;
    healthCheckAt = NEVER;
    if (!has(Hook.HEALTH_CHECK)) {
      healthIs(ServiceHealth.OK);
    } else if (runs.containsKey(Hook.HEALTH_CHECK)) {
      checkAgain = true;
    } else {
      run(Hook.HEALTH_CHECK);
    }
  }

  private void healthChecked(HookResult result, long now) {
    ServiceHealth found = ServiceHealth.of(result);
    healthIs(found);
    if (checkAgain) {
      checkAgain = false;
      run(Hook.HEALTH_CHECK);
      return;
    }
    Duration interval = settings.healthCheckInterval();
    if (found != ServiceHealth.OK) {
      Duration pause =
          interval.compareTo(HEALTH_CHECK_PAUSE_MAX) < 0 ? interval : HEALTH_CHECK_PAUSE_MAX;
      healthCheckAt = after(now, pause);
    } else if (wasOk) {
      healthCheckAt = after(now, interval);
    } else {
      wasOk = true;
      healthCheckAt = now + 1 + random.nextLong(Backoff.nanos(interval));
    }
  }

  private void healthIs(ServiceHealth found) {
    outputs.add(new ServiceOutput.HealthChecked(found, found != health));
    health = found;
  }

  // Words and numbers.

  private void say(String key, String text) {
    say(settings.group().text(), key, text);
  }

  private void say(String preamble, String key, String text) {
    outputs.add(new ServiceOutput.Say(new Line(preamble, key, text)));
  }

  private static long after(long now, Duration duration) {
    return now + Backoff.nanos(duration);
  }

  /** The first pause, doubled as often as said, up to the longest. */
  private static Duration growing(Duration first, Duration longest, int doublings) {
    Duration grown = first.multipliedBy(1L << Math.min(doublings, 20));
    return grown.compareTo(longest) < 0 ? grown : longest;
  }
}
