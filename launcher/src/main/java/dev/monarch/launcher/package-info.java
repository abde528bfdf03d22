/**
 * The Launcher (supervisor.md 11): the parent process of the Supervisor and of every service. It
 * owns process ids, exit codes and output pipes, and decides nothing else, so that services outlive
 * a Supervisor that is restarted.
 *
 * <p>It runs in a JVM of its own and depends on nothing but the JDK.
 */
@NullMarked
package dev.monarch.launcher;

import org.jspecify.annotations.NullMarked;
