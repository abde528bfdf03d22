/** Rumors in, groups out. */
@NullMarked
package dev.monarch.butterfly.census;

import org.jspecify.annotations.NullMarked;
