/**
 * {@code hab ring demo}: five Supervisors on this machine, to play with or to watch.
 *
 * <p>{@link dev.monarch.cli.demo.DemoRing} starts, stops, freezes and divides real Supervisor
 * processes and reads their ring logs; {@link dev.monarch.cli.demo.Beliefs} is what those logs say,
 * who believes what about whom. {@link dev.monarch.cli.demo.Story} is the unattended play and what
 * it demands, pure; {@link dev.monarch.cli.demo.Playground} is the one with keys.
 */
@NullMarked
package dev.monarch.cli.demo;

import org.jspecify.annotations.NullMarked;
