/**
 * What members say to each other, and its bytes.
 *
 * <p>A message is an immutable record that cannot exist in a form that would harm a receiver: the
 * constructors hold the hard safety rules (butterfly.md 0.3), and the codec returns a typed {@link
 * dev.monarch.wire.Rejection} for what it refuses instead of throwing.
 *
 * <p>Start with {@link dev.monarch.wire.Swim} (the UDP plane), {@link dev.monarch.wire.Rumor} (the
 * TCP plane) and {@link dev.monarch.wire.Envelope} (both). Nothing here knows what a member does
 * with what it hears; that is the room above, {@code dev.monarch.butterfly}.
 */
@NullMarked
package dev.monarch.wire;

import org.jspecify.annotations.NullMarked;
