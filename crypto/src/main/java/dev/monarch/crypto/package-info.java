/** Keys in the original's file format, their cache directory, and the boxes made with them. */
@NullMarked
package dev.monarch.crypto;

import org.jspecify.annotations.NullMarked;
