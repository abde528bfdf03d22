package dev.monarch.launcher;

import java.util.List;
import java.util.function.Consumer;

/**
 * What a Supervisor needs of its parent: somebody who starts the processes of services, knows how
 * they ended, and keeps them while the Supervisor is replaced (supervisor.md 11).
 *
 * <p>LauncherClient asks the Launcher over its socket; LocalProcessHost is the same without a
 * second process, for embedders and tests. All methods may be called by several threads.
 */
public interface ProcessHost extends AutoCloseable {
  /**
   * Starts a service's process as leader of a process group of its own, and returns its id.
   *
   * @throws LauncherException if it does not run: the message is one line for the operator
   */
  int spawn(SpawnRequest request) throws LauncherException;

  /**
   * Sends a signal to the process group of a service's process, also to what is left of the group
   * after its leader. No such service, or one that ended, is no error: what was wanted is so.
   *
   * @param pid what {@link #spawn} returned
   */
  void signal(int pid, Signal signal) throws LauncherException;

  /**
   * The services whose process lives, in the order of their start: what a new Supervisor adopts.
   */
  List<RunningService> running() throws LauncherException;

  /**
   * Tells the listener everything from now on, and first what nobody was told so far. There is one
   * listener; a second one takes its place. It is called by one thread at a time and must not wait
   * for an answer of this host.
   */
  void subscribe(Consumer<LauncherEvent> listener);

  /** Lets go. A launcher keeps its services; a LocalProcessHost stops its own. */
  @Override
  void close();
}
