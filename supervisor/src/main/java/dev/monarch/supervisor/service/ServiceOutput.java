package dev.monarch.supervisor.service;

import java.time.Duration;

/** What a {@link ServiceMachine} wants done, in this order. */
public sealed interface ServiceOutput {
  /**
   * Resolve the package, read its layers and templates, say {@code Starting ...}, run install
   * hooks, create directories, write known files (supervisor.md 3.5, steps 1 to 4). Answered once.
   */
  record Prepare(long attempt) implements ServiceOutput {}

  /** The preparation is no longer needed; it is answered nevertheless, as soon as possible. */
  record CancelPreparation(long attempt) implements ServiceOutput {}

  /** Tell {@link ServiceInput.BindsJudged}. */
  record JudgeBinds() implements ServiceOutput {}

  /** Tell {@link ServiceInput.ElectionJudged}. */
  record JudgeElection() implements ServiceOutput {}

  /** Render hooks and configuration into place. */
  record Render(long attempt) implements ServiceOutput {}

  /** Run a rendered hook. */
  record RunHook(long runId, Hook hook, Duration limit) implements ServiceOutput {}

  /** Kill the process group of a hook; {@link ServiceInput.HookEnded} is told nevertheless. */
  record CancelHook(long runId) implements ServiceOutput {}

  /** Start {@code svc/NAME/run}, and write the PID file once it runs. */
  record StartProcess() implements ServiceOutput {}

  /**
   * Send a signal to the process group, also to what is left of it after its leader, and tell
   * {@link ServiceInput.GroupGone} once nobody is left, which may be at once.
   *
   * @param signal such as {@code TERM}
   */
  record Signal(int pid, String signal) implements ServiceOutput {}

  /** Kill the process group that was signalled before. */
  record Kill(int pid) implements ServiceOutput {}

  /**
   * Send a signal to whatever the process and the hooks of this round left in the background, in
   * whichever group, and tell {@link ServiceInput.LeftBehindGone} once nobody is left, which may be
   * at once.
   *
   * @param signal such as {@code TERM}
   */
  record EndLeftBehind(String signal) implements ServiceOutput {}

  /** Kill who was signalled by {@link EndLeftBehind}. */
  record KillLeftBehind() implements ServiceOutput {}

  /** The process is gone: remove the PID file. */
  record ProcessGone(int pid) implements ServiceOutput {}

  record Say(Line line) implements ServiceOutput {}

  /** The ring must be told what this service is now. */
  record Publish() implements ServiceOutput {}

  /**
   * The result of a health check.
   *
   * @param changed false if it is the one before
   */
  record HealthChecked(ServiceHealth health, boolean changed) implements ServiceOutput {}

  /**
   * What the next election of the group is to know of this member.
   *
   * @param suitability unsigned, greater is better
   */
  record Suitable(long suitability) implements ServiceOutput {}

  /** The last output of a machine. */
  record Ended(EndCause cause) implements ServiceOutput {}
}
