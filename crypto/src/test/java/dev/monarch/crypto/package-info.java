/**
 * What keys, their texts and their directory promise: the published vectors, the original's
 * failures, and the places where we are deliberately stricter than it.
 */
@NullMarked
package dev.monarch.crypto;

import org.jspecify.annotations.NullMarked;
