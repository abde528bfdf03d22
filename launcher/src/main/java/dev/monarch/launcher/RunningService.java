package dev.monarch.launcher;

import java.time.Instant;

/**
 * A service whose process lives.
 *
 * @param pid of its process, which leads a group of the same number
 * @param startedAt by the wall clock
 * @param tag that it was started with
 */
public record RunningService(String serviceGroup, int pid, Instant startedAt, ProcessTag tag) {}
