/** Rings in virtual time: directed scenarios, and random ones by their seed. */
@NullMarked
package dev.monarch.simulator;

import org.jspecify.annotations.NullMarked;
