package dev.monarch.supervisor.service;

import dev.monarch.butterfly.census.ElectionState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a {@link ServiceMachine} is told. */
public sealed interface ServiceInput {
  /**
   * The service shall be up. Also: try again now, if its preparation failed. While it stops, it is
   * started again afterwards, unless the Supervisor ends.
   */
  record Start() implements ServiceInput {}

  /**
   * The service shall be stopped.
   *
   * @param timeout from the signal to {@code KILL}; stronger than spec and package
   */
  record Stop(StopCause cause, Optional<Duration> timeout) implements ServiceInput {}

  /** The service shall be stopped and started again at once. */
  record Restart(TerminationReason reason) implements ServiceInput {}

  /** The Supervisor is replaced: no hook goes on, the process does. */
  record Detach() implements ServiceInput {}

  /**
   * The spec changed.
   *
   * @param restart true if the difference is one that a running service cannot take over
   *     (supervisor.md 3.4): it is stopped with its old settings and started with the new ones
   */
  record SettingsChanged(ServiceSettings settings, boolean restart) implements ServiceInput {}

  /** Answers {@link ServiceOutput.Prepare}. */
  record Prepared(long attempt, PackageFacts facts) implements ServiceInput {}

  /**
   * Answers {@link ServiceOutput.Prepare}, also after {@link ServiceOutput.CancelPreparation}.
   *
   * @param message the whole line, such as {@code Unable to start acme/web, ...}
   */
  record PreparationFailed(long attempt, String message) implements ServiceInput {}

  /**
   * Answers {@link ServiceOutput.JudgeBinds}; told again whenever the census changed.
   *
   * @param judgements one for each bind of the spec
   */
  record BindsJudged(List<BindJudgement> judgements) implements ServiceInput {
    public BindsJudged {
      judgements = List.copyOf(judgements);
    }
  }

  /**
   * Answers {@link ServiceOutput.JudgeElection}; told again whenever the group's election changed.
   *
   * @param leader the leader's member id, present if the election is finished
   */
  record ElectionJudged(ElectionState election, Optional<String> leader) implements ServiceInput {
    public ElectionJudged {
      if (election == ElectionState.FINISHED && leader.isEmpty()) {
        throw new IllegalArgumentException("expected a leader of a finished election, found none");
      }
    }
  }

  /**
   * The group may need a leader soon: its leader is suspect, dead, or gone. What this member is
   * worth then is asked now, while there is time.
   */
  record LeaderInDoubt() implements ServiceInput {}

  /**
   * Answers {@link ServiceOutput.Render}; told as well whenever a change in the ring or in the
   * service's configuration was rendered.
   *
   * @param attempt what the rendering belongs to; one of a former attempt is left alone
   * @param hooks those whose text changed
   * @param config true if a file in {@code config/} changed
   * @param newest false if more is known already, and another rendering follows
   */
  record Rendered(long attempt, Set<Hook> hooks, boolean config, boolean newest)
      implements ServiceInput {
    public Rendered {
      hooks = Set.copyOf(hooks);
    }
  }

  /** Files of the operator were written into {@code files/}. */
  record FilesUpdated() implements ServiceInput {}

  /** A hook's run is over; every {@link ServiceOutput.RunHook} is answered once. */
  record HookEnded(long runId, HookResult result) implements ServiceInput {}

  /**
   * A process of this service lives that the machine did not start: a former Supervisor did. Told
   * after {@link Start}; a process of a service that shall be down is stopped.
   */
  record ProcessFound(int pid) implements ServiceInput {}

  /** Answers {@link ServiceOutput.StartProcess}. */
  record ProcessStarted(int pid) implements ServiceInput {}

  /** Answers {@link ServiceOutput.StartProcess}. */
  record ProcessNotStarted(String reason) implements ServiceInput {}

  /**
   * The service's process ended. Others of its group may live on.
   *
   * @param exit such as {@code exit status: 1} or {@code signal: 15 (SIGTERM)}
   */
  record ProcessExited(int pid, String exit) implements ServiceInput {}

  /**
   * Answers {@link ServiceOutput.Signal}: the process has ended and nobody is left of its group.
   */
  record GroupGone(int pid) implements ServiceInput {}

  /** Answers {@link ServiceOutput.EndLeftBehind}: nobody is left of the service. */
  record LeftBehindGone() implements ServiceInput {}

  /** {@link ServiceMachine#nextDeadlineNanos} has come. */
  record TimePassed() implements ServiceInput {}
}
