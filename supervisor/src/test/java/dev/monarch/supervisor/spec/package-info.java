/** The tests of specs: their text, their directory, and what follows from them. */
@NullMarked
package dev.monarch.supervisor.spec;

import org.jspecify.annotations.NullMarked;
