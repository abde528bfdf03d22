/**
 * Which numbered check of the specifications is claimed by which test, and how that test ended; and
 * what tests of several rooms need on disk ({@link dev.monarch.checks.PackageFixture}).
 *
 * <p>A test claims a check with {@link dev.monarch.checks.Check}; a {@link
 * dev.monarch.checks.CheckListener} that JUnit finds by itself notes its result, and {@link
 * dev.monarch.checks.Report} puts the notes of all modules together at the end of the build. So a
 * check that no test claims, or that was skipped because the machine could not, is seen and not
 * believed to have passed. The checks of a specification whose list is complete here are in {@code
 * known-checks.tsv}; of other specifications only the claims are counted.
 */
@NullMarked
package dev.monarch.checks;

import org.jspecify.annotations.NullMarked;
