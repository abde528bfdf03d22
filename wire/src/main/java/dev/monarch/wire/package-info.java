/**
 * What members say to each other, and its bytes.
 *
 * <p>A message is an immutable record that cannot exist in a form that would harm a receiver: the
 * constructors hold the hard safety rules (butterfly.md 0.3), and the codec returns a typed {@link
 * dev.monarch.wire.Rejection} for what it refuses instead of throwing.
 *
 * <p>The codec is written by hand on protobuf's {@code CodedOutputStream} and our own {@link
 * dev.monarch.wire.ProstReader}; there are no generated classes. The original decodes with Rust's
 * prost, which differs from protobuf-java exactly where it matters to a peer: a known field of
 * another wire type is an error instead of an unknown field, nothing is required, text must be
 * UTF-8, and unknown enum numbers have meanings. A decoder collects fields in a {@link
 * dev.monarch.wire.Draft}, where pieces of one message merge, and makes the record from what is
 * complete.
 *
 * <p>Start with {@link dev.monarch.wire.Swim} (the UDP plane), {@link dev.monarch.wire.Rumor} (the
 * TCP plane) and {@link dev.monarch.wire.Envelope} (both). Nothing here knows what a member does
 * with what it hears; that is the room above, {@code dev.monarch.butterfly}.
 */
@NullMarked
package dev.monarch.wire;

import org.jspecify.annotations.NullMarked;
