/**
 * Packages as Habitat has them (supervisor.md 2): what they are called, which of them are installed
 * below {@code hab/pkgs}, what their metafiles say, and the environment their programs run in.
 *
 * <p>Start at {@link dev.monarch.packages.PackageStore}. Here are directories only: nothing is
 * downloaded, and nothing is written but how an install hook ended.
 */
@NullMarked
package dev.monarch.packages;

import org.jspecify.annotations.NullMarked;
