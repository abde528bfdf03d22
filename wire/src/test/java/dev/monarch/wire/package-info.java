/**
 * Tests of the codec, and what they share: {@link dev.monarch.wire.Vectors} are messages observed
 * from the original, {@link dev.monarch.wire.Proto} builds messages field by field that no codec
 * would write, {@link dev.monarch.wire.Messages} draws valid ones from a seed.
 */
@NullMarked
package dev.monarch.wire;

import org.jspecify.annotations.NullMarked;
