/** Tests of what of the member list cannot be seen from outside the machine. */
@NullMarked
package dev.monarch.butterfly.membership;

import org.jspecify.annotations.NullMarked;
