/**
 * Who runs what, and who leads: the view of a ring that services are interested in (supervisor.md
 * 8).
 *
 * <p>{@link dev.monarch.butterfly.census.Census} is computed from a {@link
 * dev.monarch.butterfly.View} and remembers nothing: the same rumors give the same census, whatever
 * came before. Contents of packages, configuration and files are left as they came; whoever shows
 * them decodes them.
 */
@NullMarked
package dev.monarch.butterfly.census;

import org.jspecify.annotations.NullMarked;
