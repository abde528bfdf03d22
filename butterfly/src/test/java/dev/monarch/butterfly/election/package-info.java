/** Elections, record by record. Whole groups elect in {@code ElectionTest} and in the simulator. */
@NullMarked
package dev.monarch.butterfly.election;

import org.jspecify.annotations.NullMarked;
