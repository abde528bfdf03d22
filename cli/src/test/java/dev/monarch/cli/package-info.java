/**
 * Command lines as they are typed, run in this process: what is answered, where, and with which
 * exit code.
 */
@NullMarked
package dev.monarch.cli;

import org.jspecify.annotations.NullMarked;
