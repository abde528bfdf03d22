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

  /** As a service's document says it; the health document has it in capitals, as {@link #name}. */
  public String text() {
    return text;
  }
}
