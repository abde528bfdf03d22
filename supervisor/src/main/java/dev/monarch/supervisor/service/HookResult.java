package dev.monarch.supervisor.service;

/** How the run of a hook ended. */
public sealed interface HookResult {
  /**
   * By itself.
   *
   * @param code 0 to 255
   * @param lastLine the last line of its standard output; empty if it wrote none
   */
  record Exited(int code, String lastLine) implements HookResult {
    public Exited(int code) {
      this(code, "");
    }
  }

  /** By a signal that was not ours. */
  record Signalled(int number) implements HookResult {}

  /** It ran longer than it may; its whole process group was killed. */
  record TimedOut() implements HookResult {}

  /** It was told to end; its whole process group was killed. */
  record Cancelled() implements HookResult {}

  /**
   * It never ran.
   *
   * @param reason one line for the operator
   */
  record NotStarted(String reason) implements HookResult {}

  /** True for exit code 0. */
  default boolean isSuccess() {
    return this instanceof Exited(int code, String _) && code == 0;
  }
}
