package dev.monarch.supervisor.service;

/** Why a service is stopped for longer than a restart; a later one here is the stronger. */
public enum StopCause {
  /** Its spec says {@code desired_state = "down"}. */
  DESIRED_DOWN,
  /** Its spec is gone. */
  UNLOADED,
  /** The Supervisor ends, and nothing starts the service again. */
  SHUTDOWN
}
