package dev.monarch.launcher;

/**
 * What a Launcher does when its Supervisor ends (supervisor.md 11.3).
 *
 * <pre>
 *   Supervisor                                   services   Launcher
 *   ends after it was told to shut down          stopped    exits with 0
 *   ends by itself with 84                       stopped    exits with 0
 *   ends by itself with 86                       stopped    exits with 86
 *   ends by itself with another code, 0 too      live on    starts the next Supervisor
 *   is killed by a signal                        stopped    exits with 0
 *   the first one, before it registered:
 *     ends with any code                         none yet   exits with that code
 *     is killed                                  none yet   exits with 1
 * </pre>
 *
 * The last two differ from the original, where wrong arguments look like success to an init system
 * and {@code --help} like a failure.
 */
sealed interface AfterSupervisor {
  /** Everything shall stop: an operator ended the Supervisor itself, not the Launcher. */
  int EXIT_STOP = 84;

  /** A Supervisor cannot go on; another one could not either. */
  int EXIT_FAILED = 86;

  /** The first Supervisor did not come up, and left no code that could be handed on. */
  int EXIT_NO_START = 1;

  /** Stop all services and end with this code. */
  record End(int exitCode) implements AfterSupervisor {}

  /** Start the next Supervisor; services are left alone. */
  record StartNext() implements AfterSupervisor {}

  /**
   * The row of the table above.
   *
   * @param everRegistered true if any Supervisor of this Launcher ever registered
   * @param toldToShutDown true if this one ends because it was told to
   */
  static AfterSupervisor decide(ExitStatus status, boolean everRegistered, boolean toldToShutDown) {
    if (toldToShutDown) {
      return new End(0);
    }
    return switch (status) {
      case ExitStatus.Killed _ -> new End(everRegistered ? 0 : EXIT_NO_START);
      case ExitStatus.Code(int code) when !everRegistered -> new End(code);
      case ExitStatus.Code(int code) when code == EXIT_STOP -> new End(0);
      case ExitStatus.Code(int code) when code == EXIT_FAILED -> new End(EXIT_FAILED);
      case ExitStatus.Code _ -> new StartNext();
    };
  }
}
