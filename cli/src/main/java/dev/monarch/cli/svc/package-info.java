/**
 * {@code hab svc}: loads, starts, stops, changes and shows the services of a running Supervisor.
 *
 * <p>Every command is one question to the control gateway, asked by {@link
 * dev.monarch.cli.ctl.ControlClient}: {@link dev.monarch.cli.ctl.GatewayLookup} finds out where it
 * is and which secret opens it, {@link dev.monarch.cli.svc.Replies} shows what comes back. What is
 * sent is what was typed: an update that names one field changes one field.
 */
@NullMarked
package dev.monarch.cli.svc;

import org.jspecify.annotations.NullMarked;
