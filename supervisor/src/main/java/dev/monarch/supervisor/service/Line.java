package dev.monarch.supervisor.service;

/**
 * A line for the operator (supervisor.md 13).
 *
 * @param preamble who says it: a service group, a package's name, {@link #SUPERVISOR}
 * @param key two or three letters: which part says it
 */
public record Line(String preamble, String key, String text) {
  /** The preamble of the Supervisor itself. */
  public static final String SUPERVISOR = "hab-sup";

  @Override
  public String toString() {
    return preamble + "(" + key + "): " + text;
  }
}
