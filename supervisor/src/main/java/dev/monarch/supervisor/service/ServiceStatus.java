package dev.monarch.supervisor.service;

import dev.monarch.butterfly.census.ElectionState;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A service as it is at one moment. Times are nanoseconds of the machine's clock.
 *
 * @param attempt counts the preparations; stands in {@link ServiceInput.Rendered}
 * @param desiredUp what is wanted of it
 * @param initialized its process was started or adopted in this attempt
 * @param process its process, if one runs
 * @param processSinceNanos since when it has been up or down
 * @param restartCount failures in a row, until a restart that was wished for
 * @param nextRestartNanos present while it waits for its next attempt
 * @param lastProcess how it came to the last restart
 * @param election what it last heard of its group's election
 * @param failure why it could not be prepared, while that is so
 */
public record ServiceStatus(
    ServiceState state,
    long attempt,
    boolean desiredUp,
    boolean initialized,
    Optional<Integer> process,
    long processSinceNanos,
    ServiceHealth health,
    long restartCount,
    OptionalLong nextRestartNanos,
    Optional<LastProcess> lastProcess,
    ElectionState election,
    Optional<String> failure) {

  /**
   * What was before the last restart.
   *
   * @param pid absent if the service never came to a process
   * @param exit how its process ended, if it did by itself
   */
  public record LastProcess(
      Optional<Integer> pid, TerminationReason reason, Optional<String> exit, long atNanos) {}

  /** It is being stopped: commands for it wait. */
  public boolean isBusy() {
    return switch (state) {
      case STOPPING, POST_STOP -> true;
      case DOWN,
          PREPARING,
          WAITING_FOR_BINDS,
          RENDERING,
          WAITING_FOR_ELECTION,
          INITIALIZING,
          STARTING,
          UP,
          BACKING_OFF,
          DETACHING,
          ENDED ->
          false;
    };
  }

  /** Changes of the ring and of its configuration are to be rendered and told. */
  public boolean isRendered() {
    return switch (state) {
      case WAITING_FOR_ELECTION, INITIALIZING, STARTING, UP -> true;
      case DOWN,
          PREPARING,
          WAITING_FOR_BINDS,
          RENDERING,
          STOPPING,
          POST_STOP,
          BACKING_OFF,
          DETACHING,
          ENDED ->
          false;
    };
  }
}
