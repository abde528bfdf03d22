/**
 * Hooks as processes: {@link dev.monarch.supervisor.hooks.HookRunner} runs a rendered file, prints
 * and keeps what it says, and tells how it ended (supervisor.md 4.5). When a hook runs is decided
 * by the machine in {@code service}; what stands in its file, by {@code render}.
 */
@NullMarked
package dev.monarch.supervisor.hooks;

import org.jspecify.annotations.NullMarked;
