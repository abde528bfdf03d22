/**
 * The control gateway: the door through which {@code hab svc} and its like come (control.md).
 *
 * <p>The gateway itself knows sockets, the secret and the order of frames; the messages are {@code
 * dev.monarch.wire.control}; what a request does is decided by who implements {@link
 * dev.monarch.supervisor.ctl.ControlCommands}.
 */
@NullMarked
package dev.monarch.supervisor.ctl;

import org.jspecify.annotations.NullMarked;
