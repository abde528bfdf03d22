package dev.monarch.wire;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damages messages: some bits, some bytes, a piece of another one, a number at its limits. */
final class Mutator {
  private static final int NOISE_BYTES_MAX = 256;
  private static final int CHANGES_MAX = 4;

  /** Numbers where decoders err, as they are encoded; the longest two are too long. */
  private static final List<byte[]> NUMBERS =
      List.of(
          new byte[] {0},
          new byte[] {1},
          new byte[] {0x7F},
          new byte[] {(byte) 0xFF, 0x7F},
          new byte[] {(byte) 0x80, (byte) 0x80, 0x04},
          new byte[] {-1, -1, -1, -1, 0x07},
          new byte[] {-1, -1, -1, -1, 0x0F},
          new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, 0x01},
          new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, 0x7F},
          new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1});

  private final RandomGenerator random;
  private final List<byte[]> seeds;

  Mutator(RandomGenerator random, List<byte[]> seeds) {
    this.random = random;
    this.seeds = seeds;
  }

  byte[] next() {
    if (random.nextInt(16) == 0) {
      return noise(random.nextInt(NOISE_BYTES_MAX));
    }
    byte[] bytes = seed();
    for (int changes = 1 + random.nextInt(CHANGES_MAX); changes > 0; changes--) {
      bytes = change(bytes);
    }
    return bytes;
  }

  private byte[] change(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int to = at + random.nextInt(Math.min(40, bytes.length - at + 1));
    return switch (random.nextInt(7)) {
      case 0, 1 -> flipped(bytes);
      case 2 -> replaced(bytes, at, to, noise(to - at));
      case 3 -> replaced(bytes, at, to, new byte[0]);
      case 4 -> replaced(bytes, at, at, Arrays.copyOfRange(bytes, at, to));
      case 5 -> replaced(bytes, at, Math.min(at + 1, bytes.length), number());
      default -> replaced(bytes, at, to, piece(seed()));
    };
  }

  private byte[] flipped(byte[] bytes) {
    byte[] changed = bytes.clone();
    if (changed.length > 0) {
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return changed;
  }

  private byte[] piece(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    return Arrays.copyOfRange(bytes, at, at + random.nextInt(bytes.length - at + 1));
  }

  private byte[] number() {
    return NUMBERS.get(random.nextInt(NUMBERS.size()));
  }

  private byte[] seed() {
    return seeds.get(random.nextInt(seeds.size()));
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] replaced(byte[] bytes, int from, int to, byte[] by) {
    byte[] changed = new byte[bytes.length - (to - from) + by.length];
    System.arraycopy(bytes, 0, changed, 0, from);
    System.arraycopy(by, 0, changed, from, by.length);
    System.arraycopy(bytes, to, changed, from + by.length, bytes.length - to);
    return changed;
  }
}
