/**
 * Files that others write or read too: told of when they change, and read whole or not at all.
 *
 * <p>{@link dev.monarch.supervisor.disk.FileWatch} reports changed files and directories, also such
 * as do not exist yet. {@link dev.monarch.supervisor.disk.TextFile} reads one with a limit. Writing
 * them atomically is {@link dev.monarch.ring.disk.AtomicFile}'s.
 */
@NullMarked
package dev.monarch.supervisor.disk;

import org.jspecify.annotations.NullMarked;
