/**
 * {@code hab sup}: runs a Supervisor in this process, or ends the one that runs on this tree.
 *
 * <p>{@link dev.monarch.cli.sup.RunCommand} makes its options from the table of the supervisor room
 * and hands over what was given, unresolved: environment, configuration files and defaults are
 * weighed there.
 */
@NullMarked
package dev.monarch.cli.sup;

import org.jspecify.annotations.NullMarked;
