/**
 * Tests of the Launcher: the tables and bytes by themselves, everything else with real processes,
 * which end with the test whatever becomes of it.
 */
@NullMarked
package dev.monarch.launcher;

import org.jspecify.annotations.NullMarked;
