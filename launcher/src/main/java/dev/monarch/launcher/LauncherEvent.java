package dev.monarch.launcher;

/** What a {@link ProcessHost} tells without being asked. */
public sealed interface LauncherEvent {
  /**
   * A service's process ended and is reaped. Others of its group may live on ( {@link
   * ProcessGroups#isAlive}).
   */
  record Exited(String serviceGroup, int pid, ExitStatus status) implements LauncherEvent {}

  /** The Launcher was told to end: stop every service, say goodbye and end. */
  record ShutdownRequested() implements LauncherEvent {}

  /** The Launcher was told to replace its Supervisor: end and leave the services as they are. */
  record RestartRequested() implements LauncherEvent {}

  /**
   * The Launcher died. Its services live and nobody else looks after them: signal their groups
   * through {@link ProcessGroups} and end. Nothing follows this event.
   */
  record LauncherLost() implements LauncherEvent {}
}
