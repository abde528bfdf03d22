/** Tests of {@code hab config}, {@code hab file} and the commands about Supervisors. */
@NullMarked
package dev.monarch.cli.config;

import org.jspecify.annotations.NullMarked;
