package dev.monarch.supervisor.service;

/** Where a service is in its life; {@link ServiceMachine} tells how it gets from one to another. */
public enum ServiceState {
  /** Not running, and nobody wants it to. */
  DOWN,
  /** Its package, configuration, directories and install hooks are being looked after. */
  PREPARING,
  /** Its binds are not all satisfied. */
  WAITING_FOR_BINDS,
  /** Its hooks and configuration are being rendered for the first time in this attempt. */
  RENDERING,
  /** Its group has no leader. */
  WAITING_FOR_ELECTION,
  /** {@code init} runs. */
  INITIALIZING,
  /** Its process is being started. */
  STARTING,
  /** Initialized; the process was started or adopted. */
  UP,
  /** Its process and hooks are being ended. */
  STOPPING,
  /** {@code post-stop} runs. */
  POST_STOP,
  /** It waits for its next attempt. */
  BACKING_OFF,
  /** It is let go: its hooks are being ended, its process lives on. */
  DETACHING,
  /** Unloaded, shut down or let go: nothing happens any more. */
  ENDED
}
