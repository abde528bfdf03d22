/**
 * Packages as Habitat has them (supervisor.md 2): what they are called, which of them are installed
 * below {@code hab/pkgs}, what their metafiles say, and the environment their programs run in.
 *
 * <p>Here are directories only; nothing is downloaded and nothing is written.
 */
@NullMarked
package dev.monarch.packages;

import org.jspecify.annotations.NullMarked;
