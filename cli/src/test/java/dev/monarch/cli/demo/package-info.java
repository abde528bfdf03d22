/** The story's logic, played by scripts instead of Supervisors. */
@NullMarked
package dev.monarch.cli.demo;

import org.jspecify.annotations.NullMarked;
