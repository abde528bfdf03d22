package dev.monarch.supervisor.service;

/**
 * Whether a bind has what it needs (supervisor.md 6.7).
 *
 * @param bind its name
 * @param text the line that tells so
 */
public record BindJudgement(String bind, boolean satisfied, String text) {}
