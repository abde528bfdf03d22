package dev.monarch.simulator;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A rolling 64-bit hash of everything that happened. It uses no {@code hashCode} but those of
 * strings, since others differ between two runs of the virtual machine.
 */
final class EventHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private long value = 0xCBF29CE484222325L;

  long value() {
    return value;
  }

  void add(long number) {
    long mixed = (value ^ number) * 0x9E3779B97F4A7C15L;
    value = mixed ^ (mixed >>> 32);
  }

  void add(String text) {
    add(text.hashCode());
  }

  void add(byte[] bytes) {
    add(bytes.length);
    int i = 0;
    for (; i + Long.BYTES <= bytes.length; i += Long.BYTES) {
      add((long) LONGS.get(bytes, i));
    }
    for (; i < bytes.length; i++) {
      add(bytes[i]);
    }
  }
}
