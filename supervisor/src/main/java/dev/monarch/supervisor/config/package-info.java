/**
 * What a Supervisor is told to do, and by whom: command line, environment, configuration files and
 * built-in defaults, in this order.
 *
 * <p>{@link dev.monarch.supervisor.config.SupervisorOption} is the one table of all options, with
 * flag, variable, key, default and help text. {@link
 * dev.monarch.supervisor.config.SupervisorOptions} holds what a command line gave explicitly.
 * {@link dev.monarch.supervisor.config.SupervisorConfig} is the result, typed and checked; nothing
 * has been started, opened for writing or looked up in the network when it exists. {@link
 * dev.monarch.supervisor.config.Layout} names the files of the tree.
 */
@NullMarked
package dev.monarch.supervisor.config;

import org.jspecify.annotations.NullMarked;
