/** The tests of watching and reading files that others write. */
@NullMarked
package dev.monarch.supervisor.disk;

import org.jspecify.annotations.NullMarked;
