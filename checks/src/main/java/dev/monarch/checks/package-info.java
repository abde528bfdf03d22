/**
 * Which numbered check of the specifications is claimed by which test, and how that test ended.
 *
 * <p>A test claims a check with {@link dev.monarch.checks.Check}; a listener notes its result and
 * {@code Report} prints the table at the end of the build.
 */
@NullMarked
package dev.monarch.checks;

import org.jspecify.annotations.NullMarked;
