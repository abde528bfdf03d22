/** Documents against those captured from the original, and the gateway through real sockets. */
@NullMarked
package dev.monarch.supervisor.http;

import org.jspecify.annotations.NullMarked;
