/** {@code hab pkg}, typed against packages that a test wrote. */
@NullMarked
package dev.monarch.cli.pkg;

import org.jspecify.annotations.NullMarked;
