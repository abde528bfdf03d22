/**
 * How every command talks to a Supervisor's control gateway: one question, its answers, the end.
 *
 * <p>{@link dev.monarch.cli.ctl.GatewayLookup} finds out where the gateway is, which secret opens
 * it and whether it speaks TLS; {@link dev.monarch.cli.ctl.ControlClient} asks; {@link
 * dev.monarch.cli.ctl.Verdict} is the answer to a question that knows no other than yes and no.
 * What a user has settled for all commands is in {@link dev.monarch.cli.ctl.CommandSettings}.
 */
@NullMarked
package dev.monarch.cli.ctl;

import org.jspecify.annotations.NullMarked;
