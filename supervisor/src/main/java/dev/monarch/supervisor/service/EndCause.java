package dev.monarch.supervisor.service;

/** Why a machine is through. */
public enum EndCause {
  UNLOADED,
  SHUTDOWN,
  /** The Supervisor is replaced; the process lives on and is adopted by the next one. */
  DETACHED
}
