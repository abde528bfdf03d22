package dev.monarch.launcher;

import java.util.List;

/**
 * What a Supervisor and its Launcher say to each other (supervisor.md 11.5). A request carries a
 * number of the Supervisor's, the answer repeats it; a {@link Told} comes by itself.
 *
 * <p>The original's messages are these, but for two: {@code Restart} is a stop and a start here,
 * and {@code Terminate} is a signal, because how long a service may take is the Supervisor's
 * business.
 */
sealed interface Message {
  /** The version of this protocol. Both sides come from one product, and are started together. */
  int VERSION = 2;

  /** What a Supervisor asks for. */
  sealed interface Request extends Message {
    int number();
  }

  /** What a Launcher answers. */
  sealed interface Answer extends Message {
    int number();
  }

  /** The first request: the Supervisor is up, and this is its process. */
  record Register(int number, int version, int pid) implements Request {}

  record Spawn(int number, SpawnRequest request) implements Request {}

  record SignalTo(int number, int pid, Signal signal) implements Request {}

  record ListRunning(int number) implements Request {}

  /** It was done, and there is no more to say. */
  record Done(int number) implements Answer {}

  record Spawned(int number, int pid) implements Answer {}

  record Running(int number, List<RunningService> services) implements Answer {
    public Running {
      services = List.copyOf(services);
    }
  }

  /** It was not done; the text is for the operator. */
  record Refused(int number, String text) implements Answer {}

  /** Something happened. */
  record Told(LauncherEvent event) implements Message {}
}
