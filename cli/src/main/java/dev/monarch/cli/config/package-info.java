/**
 * {@code hab config} and {@code hab file}: tell a service group its configuration and give it
 * files, at any Supervisor of its ring.
 *
 * <p>Whom it is for and in which version stands in {@link dev.monarch.cli.config.TargetArguments};
 * what is told is a {@link dev.monarch.cli.config.Payload}. {@link
 * dev.monarch.cli.config.ApplyCommand} is where to start reading.
 */
@NullMarked
package dev.monarch.cli.config;

import org.jspecify.annotations.NullMarked;
