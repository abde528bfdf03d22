/**
 * {@code hab pkg}: what is installed on this machine, and programs in its environment.
 *
 * <p>Every command but {@code list} is about one package, the newest that fits the ident it is
 * given ({@link dev.monarch.cli.pkg.PackageArgument}). {@code exec} ends by becoming another
 * program ({@link dev.monarch.cli.pkg.Become}). Nothing here installs or changes a package, and no
 * Supervisor is needed.
 */
@NullMarked
package dev.monarch.cli.pkg;

import org.jspecify.annotations.NullMarked;
