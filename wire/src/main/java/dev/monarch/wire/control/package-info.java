/**
 * What a command and a Supervisor say to each other on the control gateway, and its bytes
 * (control.md 2 to 4).
 *
 * <p>A {@link dev.monarch.wire.control.Frame} is one piece of the conversation; its message is a
 * {@link dev.monarch.wire.control.Handshake}, a {@link dev.monarch.wire.control.ControlRequest} or
 * a {@link dev.monarch.wire.control.ControlReply}, which {@link
 * dev.monarch.wire.control.ControlCodec} makes of it. Absent and zero are two things here: an
 * absent field means "keep what is there".
 *
 * <p>Nothing here knows sockets or what a request does; that is {@code dev.monarch.supervisor.ctl}.
 */
@NullMarked
package dev.monarch.wire.control;

import org.jspecify.annotations.NullMarked;
