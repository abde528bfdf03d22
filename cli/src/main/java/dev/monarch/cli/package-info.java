/**
 * {@code hab}: parses, asks, prints.
 *
 * <p>{@link dev.monarch.cli.Main} is what {@code ./hab} starts, {@link dev.monarch.cli.Hab} the
 * tree of commands. A command gets the world it may touch (environment, streams, whether they are a
 * terminal) as {@link dev.monarch.cli.Surroundings}, so every one of them runs inside a test. Wrong
 * command lines are answered in the words of {@link dev.monarch.cli.UsageErrors}.
 *
 * <p>The commands themselves live below: {@code ring} (keys, members, watch), {@code sup} (the
 * Supervisor), {@code demo} (five Supervisors and their story), {@code completion}.
 */
@NullMarked
package dev.monarch.cli;

import org.jspecify.annotations.NullMarked;
