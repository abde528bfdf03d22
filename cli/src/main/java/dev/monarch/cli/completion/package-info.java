/**
 * {@code hab completion}: scripts that teach a shell the commands and options of {@code hab}. They
 * are made from the command tree itself, so they cannot miss one.
 */
@NullMarked
package dev.monarch.cli.completion;

import org.jspecify.annotations.NullMarked;
