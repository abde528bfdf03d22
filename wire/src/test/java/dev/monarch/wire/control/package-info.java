/**
 * Tests of the control gateway's messages and frames, held against {@link
 * dev.monarch.wire.control.ControlVectors}, what an original command and an original Supervisor
 * said to each other.
 */
@NullMarked
package dev.monarch.wire.control;

import org.jspecify.annotations.NullMarked;
