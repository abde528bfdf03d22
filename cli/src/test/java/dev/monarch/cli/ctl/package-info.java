/**
 * What tests of commands to a control gateway share: {@link dev.monarch.cli.ctl.Scene} is what an
 * original command and an original Supervisor said to each other, {@link
 * dev.monarch.cli.ctl.ScriptedGateway} says it again. Beside them, tests of TLS and of settings.
 */
@NullMarked
package dev.monarch.cli.ctl;

import org.jspecify.annotations.NullMarked;
