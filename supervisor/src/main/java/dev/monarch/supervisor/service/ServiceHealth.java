package dev.monarch.supervisor.service;

/** What the last health check found (supervisor.md 4.8). */
public enum ServiceHealth {
  OK("Ok"),
  WARNING("Warning"),
  CRITICAL("Critical"),
  UNKNOWN("Unknown");

  private final String text;

  ServiceHealth(String text) {
    this.text = text;
  }

  /** What a run of {@code health-check} says; a run without an exit code says nothing. */
  static ServiceHealth of(HookResult result) {
    return switch (result) {
      case HookResult.Exited(int code, String _) ->
          switch (code) {
            case 0 -> OK;
            case 1 -> WARNING;
            case 2 -> CRITICAL;
            default -> UNKNOWN;
          };
      case HookResult.Signalled _,
          HookResult.TimedOut _,
          HookResult.Cancelled _,
          HookResult.NotStarted _ ->
          UNKNOWN;
    };
  }

  /** As a service's document says it; the health document has it in capitals, as {@link #name}. */
  public String text() {
    return text;
  }
}
