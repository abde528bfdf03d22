/**
 * Tests of {@code hab svc}: {@link dev.monarch.cli.svc.Scene} is what an original command and an
 * original Supervisor said to each other, {@link dev.monarch.cli.svc.ScriptedGateway} says it
 * again.
 */
@NullMarked
package dev.monarch.cli.svc;

import org.jspecify.annotations.NullMarked;
