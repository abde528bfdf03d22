package dev.monarch.supervisor.service;

import java.time.Duration;
import java.util.Optional;

/**
 * What an operator reads of the end of a hook (supervisor.md 4.5, 4.8). Who succeeds says nothing.
 */
final class HookReport {
  /** The greatest exit code of {@code health-check} that means something. */
  private static final int HEALTH_CODE_MAX = 3;

  private HookReport() {}

  /**
   * The line, if there is one.
   *
   * @param limit what the hook was given
   * @param name of the package, which speaks of exit codes
   * @param group the service group, which speaks of runs that had none
   */
  static Optional<Line> of(
      Hook hook, HookResult result, Duration limit, String name, String group) {
    String file = hook.fileName();
    return switch (result) {
      case HookResult.Exited(int code, String _) ->
          code(hook, code).map(text -> new Line(name, "HK", text));
      case HookResult.Signalled(int number) ->
          Optional.of(
              new Line(
                  name,
                  "HK",
                  hook == Hook.INIT
                      ? "Initialization failed! 'init' exited without a status code"
                      : file + " was terminated by signal " + number));
      case HookResult.TimedOut() ->
          Optional.of(
              new Line(
                  group,
                  "HK",
                  "Hook killed, %s, it ran longer than %d seconds"
                      .formatted(file, limit.toSeconds())));
      case HookResult.NotStarted(String reason) ->
          Optional.of(new Line(group, "HK", "Hook failed to run, " + file + ", " + reason));
      case HookResult.Cancelled() -> Optional.empty();
    };
  }

  private static Optional<String> code(Hook hook, int code) {
    if (code == 0) {
      return Optional.empty();
    }
    return switch (hook) {
      case INIT -> Optional.of("Initialization failed! 'init' exited with status code " + code);
      case POST_STOP ->
          Optional.of("Post stop failed! 'post-stop' exited with status code " + code);
      case HEALTH_CHECK ->
          code > HEALTH_CODE_MAX
              ? Optional.of(
                  "Health check exited with an unknown status code, Invalid health check result: "
                      + code)
              : Optional.empty();
      case INSTALL, UNINSTALL, RUN, POST_RUN, FILE_UPDATED, RECONFIGURE, SUITABILITY ->
          Optional.of(hook.fileName() + " exited with status code " + code);
    };
  }
}
