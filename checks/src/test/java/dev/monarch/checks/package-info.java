/** The notes and the report, tried on tests and claims made up for it. */
@NullMarked
package dev.monarch.checks;

import org.jspecify.annotations.NullMarked;
