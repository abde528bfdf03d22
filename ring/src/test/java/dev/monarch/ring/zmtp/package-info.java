/** Tests of the ZMTP ends, against JeroMQ and against strangers with bad manners. */
@NullMarked
package dev.monarch.ring.zmtp;

import org.jspecify.annotations.NullMarked;
