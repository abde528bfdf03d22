/** Tests with real sockets on loopback, real files and real time. */
@NullMarked
package dev.monarch.ring;

import org.jspecify.annotations.NullMarked;
