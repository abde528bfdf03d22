/** What the key commands say, write and refuse, each in a key cache of its own. */
@NullMarked
package dev.monarch.cli.key;

import org.jspecify.annotations.NullMarked;
