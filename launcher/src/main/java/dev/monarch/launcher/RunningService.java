package dev.monarch.launcher;

import java.time.Instant;

/**
 * A service whose process lives.
 *
 * @param pid of its process, which leads a group of the same number
 * @param startedAt by the wall clock
 */
public record RunningService(String serviceGroup, int pid, Instant startedAt) {}
