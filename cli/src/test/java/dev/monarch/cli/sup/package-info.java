/** Every option of {@code hab sup run} reaches the Supervisor as it was given. */
@NullMarked
package dev.monarch.cli.sup;

import org.jspecify.annotations.NullMarked;
