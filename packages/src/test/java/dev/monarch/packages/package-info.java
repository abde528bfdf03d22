/**
 * What packages are called, which of them are found, and what is read from them.
 *
 * <p>Start at {@link PackageIdentTest}: names and their order.
 */
@NullMarked
package dev.monarch.packages;

import org.jspecify.annotations.NullMarked;
