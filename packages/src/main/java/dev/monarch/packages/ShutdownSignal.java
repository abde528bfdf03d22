package dev.monarch.packages;

/** The signals {@code SHUTDOWN_SIGNAL} may name (supervisor.md 2.1). */
public enum ShutdownSignal {
  HUP,
  INT,
  QUIT,
  ILL,
  ABRT,
  FPE,
  KILL,
  USR1,
  SEGV,
  USR2,
  ALRM,
  TERM,
  CHLD
}
