/**
 * Services with real processes, real files and a ring that does what a test says: {@link
 * dev.monarch.supervisor.manager.LivingServices} is the stage.
 */
@NullMarked
package dev.monarch.supervisor.manager;

import org.jspecify.annotations.NullMarked;
