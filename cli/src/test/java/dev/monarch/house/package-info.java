/** What holds for the whole house: which room may know which, and what a machine may not touch. */
@NullMarked
package dev.monarch.house;

import org.jspecify.annotations.NullMarked;
