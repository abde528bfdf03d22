package dev.monarch.acceptance;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A switch that loses some of the frames it carries and holds up all others for a random time, so
 * that they also overtake each other.
 *
 * <p>A kernel can do this with {@code netem}, where it has it. This one is a program instead: each
 * machine's network card is a TAP device, whose other end is read and written here. What the test
 * itself sends or gets is neither lost nor late.
 */
final class BadSwitch implements AutoCloseable {
  private static final int READ_WRITE_CLOSE_ON_EXEC = 2 | 0x8_0000;
  private static final long TUNSETIFF = 0x4004_54caL;
  private static final short TAP_WITHOUT_HEADER = 0x0002 | 0x1000;
  private static final int IFREQ_BYTES = 40;
  private static final int IFREQ_FLAGS = 16;

  /** An Ethernet frame of the usual size and then some. */
  private static final int FRAME_BYTES_MAX = 2048;

  private static final int ADDRESS_BYTES = 6;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = CALL_STATE.varHandle(PathElement.groupElement("errno"));

  /** Three words in, one out; all of Linux's 64-bit platforms find narrower ones there as well. */
  @SuppressWarnings("restricted") // surefire allows it with --enable-native-access
  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          Linker.Option.captureCallState("errno"));

  private static final Map<String, MemorySegment> FUNCTIONS = new ConcurrentHashMap<>();

  private final double loss;
  private final long jitterNanos;
  private final Random random;
  private final List<Port> ports = new CopyOnWriteArrayList<>();
  private final Map<Long, Port> places = new ConcurrentHashMap<>();
  private final AtomicLong carried = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();

  /** What arrives after the end is dropped. */
  private final ScheduledExecutorService late =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().factory(), new ThreadPoolExecutor.DiscardPolicy());

  /**
   * A socket of the switch.
   *
   * @param perfect true for the test's own
   */
  private record Port(String name, int descriptor, boolean perfect) {}

  /**
   * A switch without anything plugged in.
   *
   * @param loss part of the frames, 0 to 1
   * @param jitter the longest delay; all shorter ones are as likely
   */
  BadSwitch(double loss, Duration jitter, long seed) {
    this.loss = loss;
    this.jitterNanos = jitter.toNanos();
    this.random = new Random(seed);
  }

  /** Makes a network card of this name; where it goes from here is the caller's business. */
  void plug(String name, boolean perfect) {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor =
          call("open", arena.allocateFrom("/dev/net/tun").address(), READ_WRITE_CLOSE_ON_EXEC, 0);
      MemorySegment request = arena.allocate(IFREQ_BYTES, Long.BYTES);
      request.setString(0, name);
      request.set(ValueLayout.JAVA_SHORT, IFREQ_FLAGS, TAP_WITHOUT_HEADER);
      int made =
          descriptor < 0 ? descriptor : call("ioctl", descriptor, TUNSETIFF, request.address());
      if (made < 0) {
        throw new IllegalStateException(
            "cannot make the network card " + name + " with /dev/net/tun: error " + -made);
      }
      Port port = new Port(name, descriptor, perfect);
      ports.add(port);
      Thread.ofPlatform().daemon().name("switch " + name).start(() -> listen(port));
    }
  }

  /** Until the card is gone, which its namespace takes along. */
  private void listen(Port from) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(FRAME_BYTES_MAX);
      int bytes;
      while ((bytes = call("read", from.descriptor(), buffer.address(), FRAME_BYTES_MAX)) > 0) {
        byte[] frame = new byte[bytes];
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, frame, 0, bytes);
        if (bytes >= 2 * ADDRESS_BYTES) {
          carry(from, frame);
        }
      }
    }
    ports.remove(from);
    int _ = call("close", from.descriptor(), 0, 0);
  }

  private void carry(Port from, byte[] frame) {
    places.put(address(frame, ADDRESS_BYTES), from);
    Port known = places.get(address(frame, 0));
    List<Port> targets = known == null ? ports : List.of(known);
    for (Port to : targets) {
      if (to.equals(from)) {
        continue;
      }
      if (from.perfect() || to.perfect()) {
        write(to, frame);
        continue;
      }
      carried.incrementAndGet();
      if (random.nextDouble() < loss) {
        lost.incrementAndGet();
      } else {
        var _ =
            late.schedule(
                () -> write(to, frame), random.nextLong(jitterNanos + 1), TimeUnit.NANOSECONDS);
      }
    }
  }

  private static long address(byte[] frame, int offset) {
    long address = 0;
    for (int i = 0; i < ADDRESS_BYTES; i++) {
      address = (address << 8) | (frame[offset + i] & 0xff);
    }
    return address;
  }

  /** A card that is down or gone takes nothing, as a cable that was pulled out. */
  private static void write(Port to, byte[] frame) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, frame);
      int _ = call("write", to.descriptor(), bytes.address(), frame.length);
    }
  }

  /** What the function returns; -errno if it failed. */
  private static int call(String name, long first, long second, long third) {
    MemorySegment function =
        FUNCTIONS.computeIfAbsent(
            name, unknown -> LINKER.defaultLookup().find(unknown).orElseThrow());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      int result = (int) CALL.invokeExact(function, state, first, second, third);
      return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new IllegalStateException("a foreign call threw", impossible);
    }
  }

  @Override
  public String toString() {
    return lost + " of " + carried + " frames lost";
  }

  @Override
  public void close() {
    late.shutdownNow();
  }
}
