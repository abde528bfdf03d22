package dev.monarch.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Damaged messages by the hundred thousand, the same ones in every build. {@link
 * CoverageGuidedFuzzTest} looks further.
 */
class MutationFuzzTest {
  private static final int CASES = 200_000;

  /** The worst is a vote without a character: two bytes become some sixty. */
  private static final int ALLOCATED_PER_BYTE_MAX = 64;

  /**
   * For what does not depend on the length: drafts, a rejection's text, the virtual machine's own.
   */
  private static final int ALLOCATED_ANYWAY_MAX = 64 * 1024;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest(name = "{0}, seed {1}")
  @CsvSource({"ENVELOPE, 1", "SWIM, 2", "RUMOR, 3", "CONTROL, 4"})
  void noDamagedMessageThrowsOrChangesWhenSaidAgain(FuzzTarget target, long seed) {
    Mutator mutator = new Mutator(new SplittableRandom(seed), target.seeds());
    for (int i = 0; i < CASES; i++) {
      byte[] bytes = mutator.next();
      try {
        target.run(bytes);
      } catch (Throwable e) {
        throw new AssertionError(
            "case " + i + " of seed " + seed + ": " + HexFormat.of().formatHex(bytes), e);
      }
    }
  }

  @Test
  void theMemoryADecoderTakesIsBoundedByTheLengthOfTheMessage() {
    byte[][] greedy = {
      repeated(SwimCodec.SWIM_BYTES_MAX, 0x2a, 0x00), // membership records, all empty
      repeated(SwimCodec.SWIM_BYTES_MAX, 0x12, 0x00, 0x1a, 0x00), // payloads in turn
      repeated(SwimCodec.SWIM_BYTES_MAX, 0x7b), // groups in groups
      repeated(SwimCodec.SWIM_BYTES_MAX, 0x7b, 0x7c), // groups one after the other
      repeated(RumorCodec.RUMOR_BYTES_MAX, 0x12, 0x00), // tags, all empty
      repeated(RumorCodec.RUMOR_BYTES_MAX, 0x22, 0x00, 0x2a, 0x00), // payloads in turn
      repeated(RumorCodec.RUMOR_BYTES_MAX, 0x42, 0x02, 0x32, 0x00), // votes, all empty
      repeated(RumorCodec.RUMOR_BYTES_MAX, 0x42, 0x02, 0x0a, 0x00), // candidates, all empty
    };
    for (int round = 0; round < 2; round++) {
      for (byte[] bytes : greedy) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Decoded<?> swim = SwimCodec.decode(bytes);
        Decoded<?> rumor = RumorCodec.decode(bytes);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(swim).isInstanceOf(Decoded.Rejected.class);
        assertThat(rumor).isInstanceOf(Decoded.Rejected.class);
        // The first round loads classes.
        if (round > 0) {
          assertThat(allocated)
              .as(HexFormat.of().formatHex(Arrays.copyOf(bytes, 4)))
              .isLessThan((long) ALLOCATED_PER_BYTE_MAX * bytes.length + ALLOCATED_ANYWAY_MAX);
        }
      }
    }
  }

  private static byte[] repeated(int length, int... pattern) {
    byte[] bytes = new byte[length / pattern.length * pattern.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) pattern[i % pattern.length];
    }
    return bytes;
  }
}
