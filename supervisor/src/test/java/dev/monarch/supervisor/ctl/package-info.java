/**
 * Tests of the control gateway over real sockets, with commands that only say what they are told.
 */
@NullMarked
package dev.monarch.supervisor.ctl;

import org.jspecify.annotations.NullMarked;
