/**
 * Who runs what, and who leads: the view of a ring that services are interested in (supervisor.md
 * 8).
 *
 * <p>{@link dev.monarch.butterfly.census.Census} is what can be seen, {@link
 * dev.monarch.butterfly.census.CensusKeeper} keeps it current piece by piece: the same rumors give
 * the same census, in whatever order they came. Contents of packages, configuration and files are
 * left as they came; whoever shows them decodes them.
 */
@NullMarked
package dev.monarch.butterfly.census;

import org.jspecify.annotations.NullMarked;
