/** Tests of {@code hab svc}, also against what an original command and Supervisor said. */
@NullMarked
package dev.monarch.cli.svc;

import org.jspecify.annotations.NullMarked;
