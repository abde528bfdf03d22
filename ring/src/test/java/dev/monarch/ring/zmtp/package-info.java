/** Tests of the ZMTP ends, against libzmq and against strangers with bad manners. */
@NullMarked
package dev.monarch.ring.zmtp;

import org.jspecify.annotations.NullMarked;
