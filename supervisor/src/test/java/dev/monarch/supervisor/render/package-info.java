/**
 * The tests of a service's directory: whose it is, and what is put there, also against its will.
 */
@NullMarked
package dev.monarch.supervisor.render;

import org.jspecify.annotations.NullMarked;
