package dev.monarch.simulator;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * An invariant does not hold, or a machine threw. The message names the seed, the command that
 * replays it, and what happened last.
 */
public final class SimulationFailure extends AssertionError {
  @Serial private static final long serialVersionUID = 1;

  SimulationFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
