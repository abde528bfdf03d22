/** What a gateway's answer looks like on a terminal and to a program. */
@NullMarked
package dev.monarch.cli.ring;

import org.jspecify.annotations.NullMarked;
